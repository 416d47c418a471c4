import { expect, test } from "vitest";
import { completenessWords, unknownsIn } from "./unknowns.ts";

const pods = {
  field: "items",
  reason: "Poolboard may not read pods (list pods)",
  permission: { verb: "list", group: "", resource: "pods" },
};
const blocks = {
  field: "usage",
  reason: "Poolboard may not read IPAM blocks (list ipamblocks)",
  permission: { verb: "list", group: "crd.projectcalico.org", resource: "ipamblocks" },
};
const late = { field: "pods", reason: "pods have not been read yet" };

test.each<[string, unknown, readonly string[]]>([
  ["nothing", undefined, []],
  ["text", "kind: IPPool", []],
  ["a whole answer", { items: [{ name: "a" }] }, []],
  ["an object", { name: "a", unknown: [pods] }, [pods.reason]],
  [
    "a list and its items",
    { unknown: [pods], items: [{ unknown: [blocks] }, {}] },
    [pods.reason, blocks.reason],
  ],
  ["a list that cannot be read", { items: null, unknown: [pods] }, [pods.reason]],
  [
    "windows",
    { pages: [{ items: [{ unknown: [blocks] }] }, { items: [{ unknown: [blocks] }] }] },
    [blocks.reason],
  ],
  ["columns", { header: { unknown: [blocks] }, used: new Uint8Array(4) }, [blocks.reason]],
  ["an odd one", { unknown: "all" }, []],
])("%s: %j", (_name, data, reasons) => {
  expect([...new Set(unknownsIn(data).map(({ reason }) => reason))]).toEqual(reasons);
});

test.each([
  [[], "complete: every block was readable"],
  [[pods, pods], "incomplete: no right to read pods"],
  [[pods, blocks], "incomplete: no right to read pods, ipamblocks"],
  [[late, pods], "incomplete: no right to read pods; pods have not been read yet"],
  [[late, { ...late, reason: "x".repeat(200) }], "incomplete: pods have not been read yet; and 1 more"],
  [[{ ...late, reason: "x".repeat(200) }], `incomplete: ${"x".repeat(80)}…`],
])("%j reads %s", (unknowns, words) => {
  expect(completenessWords(unknowns)).toBe(words);
});
