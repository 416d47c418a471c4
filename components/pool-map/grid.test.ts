import fc from "fast-check";
import { expect, test } from "vitest";
import { addressGrid, cellOfRow, type Grid, hilbertGrid, neighbour, nodeGrid, rowAtCell } from "./grid.ts";
import { testMap } from "./testing.ts";

const owned = testMap({
  used: [2, 2, 0, 5, 1, 0, 9, 3, 4],
  nodes: ["node-10", "node-2"],
  node: [1, 2, 0, 2, 0, 0, 2, 2, 2],
});

test("by node: nodes in the order people count them, then no owner, then unclaimed", () => {
  const grid = nodeGrid(owned, 17);
  expect(grid.heads.map(({ text, isNode, blocks }) => [text, isNode, blocks])).toEqual([
    ["node-2", true, 5],
    ["node-10", true, 1],
    ["No owner", false, 1],
    ["Unclaimed", false, 2],
  ]);
  // Two groups of eight side by side, each below its head; what has no node takes whole lines.
  expect([1, 3, 6, 7, 8].map((row) => cellOfRow(grid, row))).toEqual(
    [0, 1, 2, 3, 4].map((column) => ({ column, line: 1 })),
  );
  expect(cellOfRow(grid, 0)).toEqual({ column: 9, line: 1 });
  expect([4, 2, 5].map((row) => cellOfRow(grid, row))).toEqual([
    { column: 0, line: 3 },
    { column: 0, line: 5 },
    { column: 1, line: 5 },
  ]);
});

test("by node: arrows step over heads and gaps", () => {
  const grid = nodeGrid(owned, 17);
  expect(neighbour(grid, 8, "ArrowRight")).toBe(0);
  expect(neighbour(grid, 1, "ArrowDown")).toBe(4);
  expect(neighbour(grid, 4, "ArrowDown")).toBe(2);
  expect(neighbour(grid, 2, "ArrowUp")).toBe(4);
});

const grids = fc.oneof(
  fc.integer({ min: 1, max: 600 }).map((count) => addressGrid(count, 32)),
  fc.integer({ min: 1, max: 600 }).map((count) => hilbertGrid(count)),
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 })), {
      minLength: 1,
      maxLength: 200,
    })
    .map((rows) =>
      nodeGrid(
        testMap({
          used: rows.map(([used, node]) => (node > 0 ? used + 1 : used)),
          nodes: ["a", "b", "c"],
          node: rows.map(([, node]) => node),
        }),
        30,
      ),
    ),
);

test("every block has one place, and every place at most one block", () => {
  fc.assert(
    fc.property(grids, (grid: Grid) => {
      const places = new Set<number>();
      grid.placeOf.forEach((place, row) => {
        places.add(place);
        const { column, line } = cellOfRow(grid, row);
        if (rowAtCell(grid, column, line) !== row) throw new Error(`block ${row} is not at its place`);
      });
      expect(places.size).toBe(grid.placeOf.length);
      expect(grid.rowAt.filter((row) => row >= 0).length).toBe(grid.placeOf.length);
    }),
  );
});
