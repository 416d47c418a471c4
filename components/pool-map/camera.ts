import { type Geometry, indexAt, offset } from "./geometry.ts";
import { cellOfRow, rowAtCell } from "./grid.ts";

/** What of a map is on the screen: `x` and `y` are the map's pixels at the top left, `zoom` how much they are enlarged. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Width and height of a pane in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest side of an address when a map is enlarged, in pixels. */
const largestAddress = 44;

/** The zoom at which the whole map is just in the pane. */
function fitZoom(geometry: Geometry, size: Size): number {
  if (geometry.width === 0 || geometry.height === 0) return 1;
  return Math.min(size.width / geometry.width, size.height / geometry.height);
}

/** The whole map. Maps that are smaller than their pane are not enlarged beyond their own size unless `fill` says so. */
export function wholeMap(geometry: Geometry, size: Size, fill: boolean): Camera {
  const fit = fitZoom(geometry, size);
  return { x: 0, y: 0, zoom: fill ? fit : Math.min(1, fit) };
}

/** The most that a map may be enlarged: an address is then as large as is of use. `across`: addresses of a block's side. */
function mostZoom(geometry: Geometry, across: number): number {
  return (largestAddress * Math.max(across, 1)) / geometry.pitch;
}

/** The zoom, no less than at home or what shows the whole map, and no more than is of use. `across`: addresses of a block's side. */
export function withinLimits(zoom: number, home: Camera, geometry: Geometry, size: Size, across: number) {
  const least = Math.min(home.zoom, size.width / geometry.width, size.height / geometry.height);
  return Math.max(least, Math.min(mostZoom(geometry, across), zoom));
}

/** The camera, moved so that the pane shows as much of the map as it can. */
export function kept(camera: Camera, geometry: Geometry, size: Size): Camera {
  const edge = (at: number, map: number, pane: number) => Math.max(0, Math.min(at, map - pane / camera.zoom));
  return {
    zoom: camera.zoom,
    x: edge(camera.x, geometry.width, size.width),
    y: edge(camera.y, geometry.height, size.height),
  };
}

/** The camera at another zoom; what is at `x`, `y` of the pane stays there. */
export function zoomedAt(camera: Camera, zoom: number, x: number, y: number): Camera {
  return { zoom, x: camera.x + x / camera.zoom - x / zoom, y: camera.y + y / camera.zoom - y / zoom };
}

/** The camera that has the middle of a row's cell in the middle of the pane. */
export function centredOn(geometry: Geometry, size: Size, zoom: number, row: number): Camera {
  const { column, line } = cellOfRow(geometry.grid, row);
  return {
    zoom,
    x: offset(geometry, column) + geometry.pitch / 2 - size.width / zoom / 2,
    y: offset(geometry, line) + geometry.pitch / 2 - size.height / zoom / 2,
  };
}

/** The camera, moved no further than needed to have the row's cell in the pane. */
export function showing(camera: Camera, geometry: Geometry, size: Size, row: number): Camera {
  const { column, line } = cellOfRow(geometry.grid, row);
  const moved = (at: number, from: number, pane: number) => {
    const to = from + geometry.pitch;
    if (from < at) return from;
    return to > at + pane / camera.zoom ? to - pane / camera.zoom : at;
  };
  return {
    zoom: camera.zoom,
    x: moved(camera.x, offset(geometry, column), size.width),
    y: moved(camera.y, offset(geometry, line), size.height),
  };
}

/** The first and last column and line that are in the pane, also in part. */
export function visible(camera: Camera, geometry: Geometry, size: Size) {
  const { grid } = geometry;
  const last = (at: number, pane: number, most: number) =>
    Math.min(most - 1, indexAt(geometry, Math.max(0, at + pane / camera.zoom - 0.001)));
  return {
    left: indexAt(geometry, Math.max(0, camera.x)),
    top: indexAt(geometry, Math.max(0, camera.y)),
    right: last(camera.x, size.width, grid.columns),
    bottom: last(camera.y, size.height, grid.rows),
  };
}

/** A row of the map, and where in its cell a point is, from 0 to 1. */
export interface Hit {
  readonly row: number;
  readonly across: number;
  readonly down: number;
}

/** What is at a point of the pane; null: nothing. */
export function hitAt(camera: Camera, geometry: Geometry, x: number, y: number): Hit | null {
  const [mapX, mapY] = [camera.x + x / camera.zoom, camera.y + y / camera.zoom];
  if (mapX < 0 || mapY < 0 || mapX >= geometry.width || mapY >= geometry.height) return null;
  const [column, line] = [indexAt(geometry, mapX), indexAt(geometry, mapY)];
  const row = rowAtCell(geometry.grid, column, line);
  if (row === null) return null;
  const share = (at: number, index: number) =>
    Math.min(0.999, Math.max(0, (at - offset(geometry, index)) / geometry.pitch));
  return { row, across: share(mapX, column), down: share(mapY, line) };
}

/** The row nearest to the middle of the pane; null when there is none. */
export function middleRow(camera: Camera, geometry: Geometry, size: Size): number | null {
  const { left, right, top, bottom } = visible(camera, geometry, size);
  const column = indexAt(geometry, Math.max(0, camera.x + size.width / camera.zoom / 2));
  const line = indexAt(geometry, Math.max(0, camera.y + size.height / camera.zoom / 2));
  return nearestRow(geometry, column, line, Math.max(right - left, bottom - top));
}

/** The row whose cell begins nearest to the middle of the pane; `anchoredOn` leads back to the camera. Null: there is none. */
export function anchorRow(camera: Camera, geometry: Geometry, size: Size): number | null {
  const { left, right, top, bottom } = visible(camera, geometry, size);
  const nearest = (middle: number, last: number) => {
    const index = indexAt(geometry, Math.max(0, middle));
    const isNextNearer = middle - offset(geometry, index) > offset(geometry, index + 1) - middle;
    return Math.min(last, isNextNearer ? index + 1 : index);
  };
  const column = nearest(camera.x + size.width / camera.zoom / 2, geometry.grid.columns - 1);
  const line = nearest(camera.y + size.height / camera.zoom / 2, geometry.grid.rows - 1);
  return nearestRow(geometry, column, line, Math.max(right - left, bottom - top));
}

/** The camera that has the beginning of a row's cell in the middle of the pane. */
export function anchoredOn(geometry: Geometry, size: Size, zoom: number, row: number): Camera {
  const { column, line } = cellOfRow(geometry.grid, row);
  return {
    zoom,
    x: offset(geometry, column) - size.width / zoom / 2,
    y: offset(geometry, line) - size.height / zoom / 2,
  };
}

/** The row nearest to a place, which may have none itself, within so many places. */
function nearestRow({ grid }: Geometry, column: number, line: number, most: number): number | null {
  for (let away = 0; away <= most; away += 1) {
    for (let dy = -away; dy <= away; dy += 1) {
      for (let dx = -away; dx <= away; dx += Math.abs(dy) === away ? 1 : Math.max(1, 2 * away)) {
        const row = rowAtCell(grid, column + dx, line + dy);
        if (row !== null) return row;
      }
    }
  }
  return null;
}
