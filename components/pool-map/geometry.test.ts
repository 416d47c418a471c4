import fc from "fast-check";
import { expect, test } from "vitest";
import { centredOn, hitAt, kept, showing, visible, zoomedAt } from "./camera.ts";
import { denseGeometry, type Geometry, offset, smallestCell, spacedGeometry } from "./geometry.ts";
import { addressGrid, cellOfRow, hilbertGrid, neighbour } from "./grid.ts";

test.each([
  [1024, 64, 1068, 16, 16],
  [64, 16, 1066, 30, 4],
  [16, 16, 1066, 30, 1],
  [128, 32, 1066, 30, 4],
  [1024, 16, 276, 16, 64],
  [4, 16, 1066, 30, 1],
])("%d blocks, %d a line, in %d px", (count, columns, width, pitch, rows) => {
  const { grid, pitch: found } = spacedGeometry(addressGrid(count, columns), width);
  expect([found, grid.rows]).toEqual([pitch, rows]);
});

test("a map without blocks takes no room", () => {
  expect(spacedGeometry(addressGrid(0, 16), 1000)).toMatchObject({ width: 0, height: 0 });
});

const shapes = fc.record({
  count: fc.integer({ min: 1, max: 5000 }),
  columns: fc.constantFrom(16, 32, 64),
  width: fc.integer({ min: 320, max: 1400 }),
  kind: fc.constantFrom("lines", "curve", "dense"),
});

interface Shape {
  readonly count: number;
  readonly columns: number;
  readonly width: number;
  readonly kind: string;
}

function geometryOf({ count, columns, width, kind }: Shape): Geometry {
  if (kind === "dense") return denseGeometry(hilbertGrid(count));
  return spacedGeometry(kind === "lines" ? addressGrid(count, columns) : hilbertGrid(count), width);
}

test("every point of a cell leads to that cell, at any zoom and wherever the map is moved to", () => {
  fc.assert(
    fc.property(
      shapes,
      fc.nat(),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.double({ min: 0.5, max: 80, noNaN: true }),
      (shape, pick, right, down, zoom) => {
        const geometry = geometryOf(shape);
        const row = pick % geometry.grid.placeOf.length;
        const pane = { width: 600, height: 400 };
        const camera = kept(centredOn(geometry, pane, zoom, row), geometry, pane);
        const { column, line } = cellOfRow(geometry.grid, row);
        const inside = geometry.pitch - (geometry.pitch > 2 ? 2 : 0);
        const x = (offset(geometry, column) + right * inside - camera.x) * zoom;
        const y = (offset(geometry, line) + down * inside - camera.y) * zoom;
        expect(hitAt(camera, geometry, x, y)?.row).toBe(row);
        const { left, right: last, top, bottom } = visible(camera, geometry, pane);
        expect(left <= column && column <= last && top <= line && line <= bottom).toBe(true);
      },
    ),
  );
});

test("points beside the map lead nowhere", () => {
  const geometry = spacedGeometry(addressGrid(20, 16), 400);
  const camera = { x: 0, y: 0, zoom: 1 };
  expect(geometry.pitch).toBeGreaterThanOrEqual(smallestCell);
  expect(hitAt(camera, geometry, -1, 0)).toBeNull();
  expect(hitAt(camera, geometry, geometry.width, 0)).toBeNull();
  expect(hitAt(camera, geometry, 5 * geometry.pitch + 3, geometry.height - 1)).toBeNull();
});

test("enlarging keeps what is under the pointer there", () => {
  const geometry = spacedGeometry(addressGrid(1024, 64), 1068);
  const before = { x: 12, y: 30, zoom: 2 };
  const after = zoomedAt(before, 7, 300, 90);
  expect(hitAt(after, geometry, 300, 90)?.row).toBe(hitAt(before, geometry, 300, 90)?.row);
});

test("a cell that the cursor goes to is brought into the pane, and no further", () => {
  const geometry = denseGeometry(addressGrid(1024, 32));
  const pane = { width: 160, height: 160 };
  const camera = { x: 0, y: 0, zoom: 16 };
  expect(showing(camera, geometry, pane, 9)).toEqual(camera);
  expect(showing(camera, geometry, pane, 10)).toEqual({ ...camera, x: 1 });
  expect(showing({ ...camera, y: 8 }, geometry, pane, 0)).toEqual(camera);
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
  [0, "PageDown", 16],
  [18, "Enter", null],
])("from cell %d, %s leads to %s", (cell, key, next) => {
  expect(neighbour(addressGrid(20, 16), cell, key)).toBe(next);
});
