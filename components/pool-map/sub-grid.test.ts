import { expect, test } from "vitest";
import { addressGrid, hilbertGrid } from "./grid.ts";
import { hilbertPoint } from "./hilbert.ts";
import { subGridOf } from "./sub-grid.ts";
import { emptyMap } from "./testing.ts";

test.each([
  [32, 1, 1],
  [31, 2, 1],
  [30, 2, 2],
  [27, 8, 4],
  [26, 8, 8],
  [20, 64, 64],
])("a /%d block is %d addresses wide and %d high", (blockSize, columns, rows) => {
  const map = emptyMap(4, "10.0.0.0/8", blockSize);
  expect(subGridOf(map.header, addressGrid(4, 16))).toMatchObject({ columns, rows });
});

test("in lines addresses run as they are read", () => {
  const sub = subGridOf(emptyMap(4).header, addressGrid(4, 16));
  expect([sub.placeOf(3, 9), sub.ordinalAt(3, 9)]).toEqual([9, 9]);
});

test.each([64, 32])("on the curve of %d blocks addresses go on from block to block", (count) => {
  const map = emptyMap(count);
  const grid = hilbertGrid(count);
  const sub = subGridOf(map.header, grid);
  const at = (row: number, ordinal: number) => {
    const place = sub.placeOf(row, ordinal);
    expect(sub.ordinalAt(row, place)).toBe(ordinal);
    const block = grid.placeOf[row] ?? 0;
    return {
      x: (block % grid.columns) * 8 + (place % 8),
      y: Math.floor(block / grid.columns) * 8 + Math.floor(place / 8),
    };
  };
  for (let row = 0; row + 1 < count; row += 1) {
    const [last, next] = [at(row, 63), at(row + 1, 0)];
    expect(Math.abs(last.x - next.x) + Math.abs(last.y - next.y)).toBe(1);
  }
  if (count === 64) expect(at(5, 7)).toEqual(hilbertPoint(6, 5 * 64 + 7));
});
