import fc from "fast-check";
import { expect, test } from "vitest";
import { hilbertPlace, hilbertPoint, hilbertSize, hilbertTable } from "./hilbert.ts";

test.each([1, 2, 3, 5])(
  "a curve of order %d visits every cell once, one step at a time, from top left to top right",
  (order) => {
    const side = 2 ** order;
    const points = Array.from({ length: side * side }, (_unused, n) => hilbertPoint(order, n));
    expect(new Set(points.map(({ x, y }) => y * side + x)).size).toBe(side * side);
    expect([points[0], points.at(-1)]).toEqual([
      { x: 0, y: 0 },
      { x: side - 1, y: 0 },
    ]);
    points.slice(1).forEach(({ x, y }, index) => {
      const before = points[index];
      expect(Math.abs(x - (before?.x ?? 0)) + Math.abs(y - (before?.y ?? 0))).toBe(1);
    });
  },
);

test("the quarters of a square run top left, bottom left, bottom right, top right", () => {
  const quarter = (n: number) => {
    const { x, y } = hilbertPoint(4, n);
    return `${y < 8 ? "top" : "bottom"} ${x < 8 ? "left" : "right"}`;
  };
  expect([0, 64, 128, 192].map(quarter)).toEqual(["top left", "bottom left", "bottom right", "top right"]);
});

test("every aligned run of cells is a square, or half of one", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 12 }),
      fc.nat(),
      (bits, size, at) => {
        const run = Math.min(size, bits);
        const first = (at % 2 ** (bits - run)) * 2 ** run;
        const points = Array.from({ length: 2 ** run }, (_unused, index) =>
          hilbertPlace(bits, first + index),
        );
        const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values) + 1;
        const [wide, high] = [span(points.map(({ x }) => x)), span(points.map(({ y }) => y))];
        expect(wide * high).toBe(2 ** run);
        expect([0.5, 1, 2]).toContain(wide / high);
        const { columns, rows } = hilbertSize(bits);
        expect(points.every(({ x, y }) => x >= 0 && y >= 0 && x < columns && y < rows)).toBe(true);
      },
    ),
  );
});

test("runs beyond 32 bits keep their place", () => {
  expect(hilbertPoint(17, 4 ** 17 - 1)).toEqual({ x: 2 ** 17 - 1, y: 0 });
});

test.each([0, 1, 2, 3, 6, 7, 10])("the table of 2^%d cells is what each cell's own place is", (bits) => {
  const { x, y } = hilbertTable(bits);
  expect(Array.from(x, (right, n) => ({ x: right, y: y[n] }))).toEqual(
    Array.from({ length: 2 ** bits }, (_unused, n) => hilbertPlace(bits, n)),
  );
});
