import { expect, test } from "vitest";
import { missingPermissions } from "./missing.ts";

const pods = { verb: "list", group: "", resource: "pods" };
const nodes = { verb: "list", group: "", resource: "nodes" };

test("a permission that many objects lack is told once, and reasons without one are not", () => {
  const row = {
    unknown: [
      { field: "pods", reason: "may not read pods", permission: pods },
      { field: "usage", reason: "pods have not been read yet" },
    ],
  };
  expect(
    missingPermissions([
      row,
      {},
      row,
      { unknown: [{ field: "x", reason: "may not read nodes", permission: nodes }] },
    ]),
  ).toEqual([
    { reason: "may not read pods", permission: pods },
    { reason: "may not read nodes", permission: nodes },
  ]);
});
