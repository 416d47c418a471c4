import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { familyBits } from "@/lib/ipam/address.ts";
import { type Cidr, formatCidr } from "@/lib/ipam/cidr.ts";
import { type Camera, centredOn, kept, showing, type Size, visible } from "./camera.ts";
import { type Geometry, indexAt, offset } from "./geometry.ts";
import { cellOfRow, rowAtCell } from "./grid.ts";
import type { Rect } from "./ink.ts";
import { slotCidr } from "./model.ts";

/** The part of a large pool that is enlarged at first: so many blocks a side, so that it is one CIDR. */
export const windowSide = 32;

/**
 * The camera on the aligned part of the map around a row, as many blocks as fit in the pane at about this zoom: on a curve a
 * square, in lines whole lines, so that it is one CIDR. By node, the row in the middle.
 */
export function windowAround(geometry: Geometry, size: Size, zoom: number, row: number): Camera {
  const { grid, pitch } = geometry;
  const { column, line } = cellOfRow(grid, row);
  if (grid.kind === "node") return kept(centredOn(geometry, size, zoom, row), geometry, size);
  const across = grid.kind === "hilbert" ? size.width : Math.min(size.width, size.height);
  const side = 2 ** Math.max(0, Math.floor(Math.log2(across / (zoom * pitch)) + 0.01));
  const exact = Math.min(size.width, size.height) / (side * pitch);
  const edge = (at: number) => offset(geometry, Math.floor(at / side) * side);
  return kept({ zoom: exact, x: grid.kind === "address" ? 0 : edge(column), y: edge(line) }, geometry, size);
}

/**
 * The camera with a row's block in the pane: the same one where some of it is there, so that nothing moves below whoever
 * clicks it. Else moved no further than needed, or, of a map that is looked at in parts, to the part around it.
 */
export function withRow(
  camera: Camera,
  geometry: Geometry,
  size: Size,
  row: number,
  inParts: boolean,
): Camera {
  const { column, line } = cellOfRow(geometry.grid, row);
  const { left, right, top, bottom } = visible(camera, geometry, size);
  if (column >= left && column <= right && line >= top && line <= bottom) return camera;
  return inParts
    ? windowAround(geometry, size, camera.zoom, row)
    : kept(showing(camera, geometry, size, row), geometry, size);
}

/** First and last row in the pane; rows lie along a line or a curve, so that only those at the pane's edge need a look. */
function rowsIn(camera: Camera, geometry: Geometry, size: Size): readonly [number, number] | null {
  const { left, right, top, bottom } = visible(camera, geometry, size);
  let [first, last] = [Number.POSITIVE_INFINITY, -1];
  const look = (column: number, line: number) => {
    const row = rowAtCell(geometry.grid, column, line);
    if (row === null) return;
    first = Math.min(first, row);
    last = Math.max(last, row);
  };
  for (let column = left; column <= right; column += 1) {
    look(column, top);
    look(column, bottom);
  }
  for (let line = top; line <= bottom; line += 1) {
    look(left, line);
    look(right, line);
  }
  return last < 0 ? null : [first, last];
}

/** The smallest CIDR that has all that is in the pane, and whether the pane shows all of it. */
export interface Shown {
  readonly cidr: string;
  readonly whole: boolean;
  readonly blocks: number;
}

export function shownCidr(map: PoolMap, geometry: Geometry, camera: Camera, size: Size): Shown | null {
  if (geometry.grid.kind === "node") return null;
  const rows = rowsIn(camera, geometry, size);
  if (rows === null) return null;
  const [from, to] = [slotCidr(map, rows[0]), slotCidr(map, rows[1])];
  const bits = familyBits(from.family);
  const last = to.base + (1n << BigInt(bits - to.prefix)) - 1n;
  const prefix = bits - (from.base ^ last).toString(2).replace(/^0+/, "").length;
  const base = (from.base >> BigInt(bits - prefix)) << BigInt(bits - prefix);
  const cidr: Cidr = { family: from.family, base, prefix };
  const { left, right, top, bottom } = visible(camera, geometry, size);
  const blocks = (right - left + 1) * (bottom - top + 1);
  const possible = 2 ** Math.min(40, map.header.blockSize - prefix);
  return { cidr: formatCidr(cidr), whole: map.slot === null && blocks === possible, blocks };
}

/** What `shown` covers on `on`, another picture of the same rows, as rectangles of its map in pixels of its own size. */
export function coveredOn(on: Geometry, shown: Geometry, camera: Camera, size: Size): readonly Rect[] {
  const { left, right, top, bottom } = visible(camera, shown, size);
  if (on.grid.columns === shown.grid.columns) {
    const edge = (at: number, last: number) => {
      const index = Math.min(last, indexAt(shown, Math.max(0, at)));
      return offset(on, index) + Math.min(1, (at - offset(shown, index)) / shown.pitch) * on.pitch;
    };
    const [x, y] = [edge(camera.x, shown.grid.columns - 1), edge(camera.y, shown.grid.rows - 1)];
    const to = (at: number, extent: number, last: number) => edge(Math.min(at, extent), last);
    return [
      {
        x,
        y,
        width: to(camera.x + size.width / camera.zoom, shown.width, shown.grid.columns - 1) - x,
        height: to(camera.y + size.height / camera.zoom, shown.height, shown.grid.rows - 1) - y,
      },
    ];
  }
  const [first, last] = [
    rowAtCell(shown.grid, left, top) ?? 0,
    rowAtCell(shown.grid, right, bottom) ?? on.grid.placeOf.length - 1,
  ];
  const [from, to] = [cellOfRow(on.grid, first), cellOfRow(on.grid, last)];
  const whole = from.line !== to.line;
  const x = whole ? 0 : offset(on, from.column);
  return [
    {
      x,
      y: offset(on, from.line),
      width: whole ? on.width : offset(on, to.column) + on.pitch - x,
      height: offset(on, to.line) + on.pitch - offset(on, from.line),
    },
  ];
}
