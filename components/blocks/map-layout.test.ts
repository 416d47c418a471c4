import fc from "fast-check";
import { expect, test } from "vitest";
import { cellAt, layOut, neighbour, place, smallestCell } from "./map-layout.ts";

test.each([
  [1024, 1068, false, 64, 14, 16],
  [64, 1066, false, 16, 28, 4],
  [16, 1066, false, 16, 28, 1],
  [128, 1066, false, 32, 28, 4],
  [1024, 276, true, 16, 14, 64],
  [16_384, 1160, false, 128, 6, 128],
  [4, 1066, false, 16, 28, 1],
])("%d blocks in %d px", (count, width, phone, columns, cell, rows) => {
  expect(layOut(count, width, phone)).toMatchObject({ columns, cell, rows });
});

test("a map without blocks takes no room", () => {
  expect(layOut(0, 1000, false)).toMatchObject({ rows: 0, width: 0, height: 0 });
});

const layouts = fc
  .record({
    count: fc.integer({ min: 1, max: 20_000 }),
    width: fc.integer({ min: 320, max: 1400 }),
    phone: fc.boolean(),
  })
  .map(({ count, width, phone }) => layOut(count, width, phone));

test("every point of a cell leads to that cell, and cells never overlap", () => {
  fc.assert(
    fc.property(layouts, fc.nat(), fc.nat(), fc.nat(), (layout, pick, dx, dy) => {
      const cell = pick % layout.count;
      const { x, y } = place(layout, cell);
      expect(layout.cell).toBeGreaterThanOrEqual(smallestCell);
      expect(cellAt(layout, x + (dx % layout.cell), y + (dy % layout.cell))).toBe(cell);
    }),
  );
});

test("points beside the map lead nowhere", () => {
  const layout = layOut(20, 400, false);
  expect(cellAt(layout, -1, 0)).toBeNull();
  expect(cellAt(layout, layout.width, 0)).toBeNull();
  expect(cellAt(layout, 5 * (layout.cell + 5), layout.height - 1)).toBeNull();
});

test.each([
  [0, "ArrowLeft", 0],
  [0, "ArrowRight", 1],
  [1, "ArrowDown", 17],
  [17, "ArrowUp", 1],
  [18, "ArrowDown", 18],
  [3, "End", 15],
  [18, "End", 19],
  [18, "Home", 16],
  [18, "Enter", null],
])("from cell %d, %s leads to %s", (cell, key, next) => {
  expect(neighbour(layOut(20, 400, false), cell, key)).toBe(next);
});
