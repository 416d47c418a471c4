import { expect, test } from "vitest";
import type { Node } from "@/lib/contract/nodes.ts";
import { toCsv } from "../ui/column.ts";
import { fileOf } from "../ui/save-rows.ts";
import { matrixLineColumns, matrixLines } from "./matrix-lines.ts";

const share = (pool: string | null, used: number) => ({ pool, blocks: 1, capacity: 64, used, borrowed: 2 });
const node = (name: string, pools: Node["pools"], unknown?: Node["unknown"]) =>
  ({ name, pools, unknown }) as Node;
const n1 = node("n1", [share("a", 9), share(null, 3)]);
const n2 = node("n2", [share("a", 4)]);

test("a line for each node and pool; outside every pool there is no name", () => {
  const { items } = matrixLines({ items: [n1, n2, node("idle", [])], total: 3 });
  expect(toCsv(matrixLineColumns, items ?? []).split("\r\n")).toEqual([
    "Node,Pool,Addresses in use,Of them borrowed,Blocks,Addresses in its blocks",
    "n1,a,9,2,1,64",
    "n1,,3,2,1,64",
    "n2,a,4,2,1,64",
    "",
  ]);
});

test("of one pool alone", () => {
  expect(matrixLines({ items: [n1, n2], total: 2 }, "a")).toMatchObject({
    items: [
      { node: "n1", used: 9 },
      { node: "n2", used: 4 },
    ],
    total: 2,
  });
});

test.each([
  ["nodes", { items: null, total: null, unknown: [{ field: "items", reason: "why" }] }],
  ["one node's", { items: [n1, node("n2", null, [{ field: "pools", reason: "why" }])], total: 2 }],
])("nothing is saved when %s cannot be read, and it says why", (_what, list) => {
  expect(fileOf("csv", matrixLineColumns, matrixLines(list))).toEqual({ content: null, why: "why" });
});
