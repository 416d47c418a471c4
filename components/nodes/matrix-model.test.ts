import { expect, test } from "vitest";
import type { Node } from "@/lib/contract/nodes.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { cellWords, matrixCell, matrixColumns, moved } from "./matrix-model.ts";

const share = (pool: string | null, used: number, parts: { blocks?: number; borrowed?: number } = {}) => {
  const { blocks = 1, borrowed = 0 } = parts;
  return { pool, blocks, capacity: blocks * 64, used, borrowed };
};
const node = (pools: Node["pools"]) => ({ name: "n1", pools }) as Node;
const pool = (name: string, claimed: string | null) => ({ name, blocks: { claimed } }) as Pool;

test("columns are pools in which somebody has a block, and what lies outside", () => {
  const pools = [pool("b", "3"), pool("unused", "0"), pool("a", "1"), pool("blind", null)];
  expect(matrixColumns(pools, [node([share("a", 1)])])).toEqual(["a", "b", "blind"]);
  expect(matrixColumns(pools, [node([share(null, 1)]), node(null)])).toEqual(["a", "b", "blind", null]);
});

test.each([
  [share("a", 0), 0],
  [share("a", 1), 1],
  [share("a", 15), 1],
  [share("a", 16), 2],
  [share("a", 32), 3],
  [share("a", 48), 4],
  [share("a", 63), 4],
  [share("a", 64), 5],
  // Borrowed addresses lie in blocks of others: they fill none of its own.
  [share("a", 20, { borrowed: 12 }), 1],
  [share("a", 12, { blocks: 0, borrowed: 12 }), null],
])("%j has the depth %j", (one, depth) => {
  expect(matrixCell(node([one]), "a")).toMatchObject({ kind: "share", depth, href: "/pods?node=n1&pool=a" });
});

test("nothing is nothing, unknown is unknown, and outside is not a pool", () => {
  expect(matrixCell(node([share("b", 1)]), "a")).toEqual({ kind: "nothing" });
  expect(matrixCell(node(null), "a")).toEqual({ kind: "unknown" });
  expect(matrixCell(node([share(null, 1)]), null)).toMatchObject({ href: "/addresses?node=n1" });
});

test("a cell in words", () => {
  expect(cellWords(share("a", 12, { borrowed: 3 }))).toBe("12 addresses in use, 1 block, 3 of them borrowed");
  expect(cellWords(share("a", 1, { blocks: 2 }))).toBe("1 address in use, 2 blocks");
});

const size = { row: 5_000, column: 6 };
test.each([
  ["ArrowDown", { row: 4, column: 2 }, false, { row: 5, column: 2 }],
  ["ArrowUp", { row: 0, column: 2 }, false, { row: 0, column: 2 }],
  ["ArrowLeft", { row: 4, column: 0 }, false, { row: 4, column: 0 }],
  ["ArrowRight", { row: 4, column: 5 }, false, { row: 4, column: 5 }],
  ["PageDown", { row: 4_995, column: 1 }, false, { row: 4_999, column: 1 }],
  ["End", { row: 4, column: 1 }, false, { row: 4, column: 5 }],
  ["End", { row: 4, column: 1 }, true, { row: 4_999, column: 5 }],
  ["Home", { row: 4, column: 1 }, true, { row: 0, column: 0 }],
  ["Enter", { row: 4, column: 1 }, false, null],
] as const)("%s from %j (whole: %j)", (key, at, whole, to) => {
  expect(moved(key, at, size, whole)).toEqual(to);
});
