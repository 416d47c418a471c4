import { expect, test } from "vitest";
import { anchoredOn, anchorRow, kept } from "./camera.ts";
import { denseGeometry } from "./geometry.ts";
import { addressGrid, hilbertGrid } from "./grid.ts";
import { emptyMap } from "./testing.ts";
import { coveredOn, shownCidr, windowAround, withRow } from "./window.ts";

const size = { width: 512, height: 512 };
const map = emptyMap(16_384, "10.16.0.0/12");

test.each([0, 1023, 1024, 9_999, 16_383])("the window around block %d is one CIDR of 1,024 blocks", (row) => {
  for (const geometry of [denseGeometry(hilbertGrid(16_384)), denseGeometry(addressGrid(16_384, 32))]) {
    const camera = windowAround(geometry, size, 16, row);
    const first = Math.floor(row / 1024) * 1024;
    expect(shownCidr(map, geometry, camera, size)).toEqual({
      cidr: `10.${16 + Math.floor(first / 1024)}.0.0/16`,
      whole: true,
      blocks: 1024,
    });
  }
});

test.each([0, 5000, 16_383])("the window around block %d comes back from a link as it was", (row) => {
  for (const geometry of [denseGeometry(hilbertGrid(16_384)), denseGeometry(addressGrid(16_384, 32))]) {
    const camera = windowAround(geometry, size, 16, row);
    const anchor = anchorRow(camera, geometry, size) ?? Number.NaN;
    expect(kept(anchoredOn(geometry, size, camera.zoom, anchor), geometry, size)).toEqual(camera);
  }
});

test("a window that is moved by hand says that it is a part of something larger", () => {
  const geometry = denseGeometry(hilbertGrid(16_384));
  expect(shownCidr(map, geometry, { x: 40, y: 10, zoom: 16 }, size)).toMatchObject({ whole: false });
});

test("the frame on the whole map is where the window is", () => {
  const geometry = denseGeometry(hilbertGrid(16_384));
  expect(coveredOn(geometry, geometry, { x: 32, y: 64, zoom: 16 }, size)).toEqual([
    { x: 32, y: 64, width: 32, height: 32 },
  ]);
});

test("lines of another length are framed by whole lines", () => {
  const shown = denseGeometry(addressGrid(16_384, 32));
  const whole = denseGeometry(addressGrid(16_384, 128));
  expect(coveredOn(whole, shown, windowAround(shown, size, 16, 3000), size)).toEqual([
    { x: 0, y: 16, width: 128, height: 8 },
  ]);
});

test("a block that is in the pane, also in part, leaves the camera where it is; another brings its part", () => {
  const geometry = denseGeometry(hilbertGrid(16_384));
  const camera = windowAround(geometry, size, 16, 0);
  expect(withRow(camera, geometry, size, 1023, true)).toBe(camera);
  expect(shownCidr(map, geometry, withRow(camera, geometry, size, 5000, true), size)?.cidr).toBe(
    "10.20.0.0/16",
  );
  const inPart = { zoom: 300, x: 10.9, y: 10.9 };
  const cut = geometry.grid.rowAt[10 * geometry.grid.columns + 10] ?? 0;
  expect(withRow(inPart, geometry, size, cut, false)).toBe(inPart);
  const moved = withRow(camera, geometry, size, 5000, false);
  expect(moved.zoom).toBe(camera.zoom);
  expect(withRow(moved, geometry, size, 5000, false)).toBe(moved);
});
