import { useMemo, useState } from "react";
import { type PoolMap, poolMapFlags } from "@/lib/contract/pool-map.ts";
import { differing } from "@/lib/contract/pool-map-differing.ts";
import type { Camera, Size } from "./camera.ts";
import { denseGeometry, type Geometry, spacedGeometry } from "./geometry.ts";
import { addressGrid, bitsFor, type Grid, hilbertGrid, type LayoutKind, nodeGrid } from "./grid.ts";
import { windowAround, windowSide } from "./window.ts";

/** A map that would be higher than this is shown in two panes. */
const highest = 1200;
/** Side of a pane in pixels. */
const largestPane = 512;
const paneGap = 48;
/** Room for the address at the head of a line. */
const labelWidth = 92;

/** The panes of a map: what lies where in them, and what they show at first. */
export interface MapView {
  /** Addresses of a block. */
  readonly capacity: number;
  readonly explore: Geometry;
  /** With the room for labels. */
  readonly size: Size;
  readonly margin: { readonly left: number; readonly top: number };
  readonly home: Camera;
  /** The whole map, one pixel a block. */
  readonly whole: Geometry;
  /** It in a pane of its own; null: it is small enough to be read as it is. */
  readonly overview: { readonly geometry: Geometry; readonly size: Size } | null;
}

interface Room {
  /** Pixels that there are. */
  readonly width: number;
  readonly phone: boolean;
}

/** Blocks of a line in address order: a round number of addresses each. */
function lineOf(count: number, phone: boolean): number {
  if (phone) return 16;
  if (count >= 256) return 64;
  return count >= 128 ? 32 : 16;
}

/** The grid of a map whose cells are all large enough to be read. */
function readableGrid(map: PoolMap, layout: LayoutKind, phone: boolean): Grid {
  const { rows } = map.header;
  if (layout === "hilbert") return hilbertGrid(rows);
  return layout === "node" ? nodeGrid(map, phone ? 17 : 67) : addressGrid(rows, lineOf(rows, phone));
}

/** The same, about as wide as it is high. */
function squareGrid(map: PoolMap, layout: LayoutKind): Grid {
  const { rows } = map.header;
  const columns = 2 ** Math.ceil(bitsFor(rows) / 2);
  if (layout === "hilbert") return hilbertGrid(rows);
  return layout === "node" ? nodeGrid(map, columns) : addressGrid(rows, columns);
}

const noGrid = addressGrid(0, 1);

/** Whether a pool of so many blocks is too large to be read in one pane, whatever the layout. */
export function isLarge(count: number, room: Room): boolean {
  const columns = lineOf(count, room.phone);
  const lines = { ...noGrid, columns: Math.min(columns, count), rows: Math.ceil(count / columns) };
  return spacedGeometry(lines, room.width - labelWidth).height > highest;
}

/** Lays a map out in the room that there is. One pane where its cells are large enough to be read, else two. */
export function layOutMap(map: PoolMap, layout: LayoutKind, room: Room): MapView {
  const isLong = map.header.cidr.includes(":") && !room.phone;
  const margin = layout === "address" ? { left: isLong ? 200 : labelWidth, top: 20 } : { left: 0, top: 0 };
  const { width } = room;
  const { capacity } = map.header;
  // A grid by node takes longer than all else here: none is made that cannot be used.
  const small = isLarge(map.header.rows, room)
    ? null
    : spacedGeometry(readableGrid(map, layout, room.phone), Math.max(0, width - margin.left));
  if (small && small.height <= highest && small.width <= width) {
    const size = { width, height: small.height + margin.top };
    const whole = denseGeometry(small.grid);
    return { capacity, explore: small, size, margin, home: { x: 0, y: 0, zoom: 1 }, whole, overview: null };
  }
  const side = Math.max(160, Math.min(largestPane, room.phone ? width : Math.floor((width - paneGap) / 2)));
  const overview = denseGeometry(squareGrid(map, layout));
  const exact = side / overview.width;
  // Whole pixels a block where there are that many, else what fits.
  const zoom = Math.min(exact >= 1 ? Math.floor(exact) : exact, side / overview.height);
  const explore = layout === "address" ? denseGeometry(addressGrid(map.header.rows, windowSide)) : overview;
  // As high as it is wide without its labels, so that what it shows at first is one CIDR.
  const pane = { width: side - margin.left, height: side - margin.left };
  const size = { width: side, height: pane.height + margin.top };
  return {
    capacity,
    explore,
    size,
    margin,
    home: firstWindow(map, explore, pane),
    whole: overview,
    overview: { geometry: overview, size: { width: overview.width * zoom, height: overview.height * zoom } },
  };
}

/** The part of a large map that is enlarged at first: the one with most claimed blocks; by node, the first nodes. */
function firstWindow(map: PoolMap, geometry: Geometry, pane: Size): Camera {
  const zoom = Math.min(pane.width, pane.height) / windowSide;
  if (geometry.grid.kind === "node") return { x: 0, y: 0, zoom };
  const part = windowSide ** 2;
  let [best, most] = [0, -1];
  for (let first = 0; first < map.header.rows; first += part) {
    let claimed = 0;
    for (const used of map.used.subarray(first, first + part)) if (used !== 0) claimed += 1;
    if (claimed > most) [best, most] = [first, claimed];
  }
  return windowAround(geometry, pane, zoom, best);
}

/** The view of a map; the same one as long as blocks lie where they lay, because counts change all the time. */
export function useMapView(map: PoolMap, layout: LayoutKind, { width, phone }: Room): MapView {
  const [places, setPlaces] = useState(map);
  const current = isPlacedAs(places, map, layout) ? places : map;
  if (current !== places) setPlaces(current);
  return useMemo(() => layOutMap(current, layout, { width, phone }), [current, layout, width, phone]);
}

/** Whether the blocks of two maps have the same places. */
function isPlacedAs(one: PoolMap, other: PoolMap, layout: LayoutKind): boolean {
  if (one === other) return true;
  if (one.header.cidr !== other.header.cidr || one.header.rows !== other.header.rows) return false;
  if (!isSameList(one.slot, other.slot)) return false;
  if (layout !== "node") return true;
  if (one.node === null || other.node === null) return one.node === other.node;
  if (!isSameList(one.header.nodes, other.header.nodes) || differing(one.node, other.node).length > 0)
    return false;
  // Without an owner it matters whether somebody has claimed the block, or all of it is reserved.
  const groupOf = ({ used, flags }: PoolMap, row: number) =>
    used[row] !== 0 ? "claimed" : ((flags[row] ?? 0) & poolMapFlags.reserved) === 0 ? "free" : "reserved";
  return [differing(one.used, other.used), differing(one.flags, other.flags)].every((rows) =>
    rows.every((row) => groupOf(one, row) === groupOf(other, row)),
  );
}

function isSameList<Item>(one: readonly Item[] | null, other: readonly Item[] | null): boolean {
  if (one === null || other === null || one === other) return one === other;
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
