import type { Grid } from "./grid.ts";

/**
 * Where the places of a grid lie in pixels when the whole map is shown at its own size. A camera enlarges that.
 * In maps of few blocks cells have gaps between them, wider ones after every fourth column and line.
 */
export interface Geometry {
  readonly grid: Grid;
  /** Pixels from one place to the next. */
  readonly pitch: number;
  /** More pixels after every fourth place; 0: none. */
  readonly groupGap: number;
  readonly width: number;
  readonly height: number;
}

export const group = 4;
const gap = 2;
export const smallestCell = 6;
const largestCell = 28;
/** A curve is as high as it is wide: its cells may be larger where there are few, and must be smaller where there are many. */
const highestCurve = 640;
const largestCurveCell = 50;

/** Lays the grid out in `width` pixels with cells as large as fits, between 6 and 28 in lines. */
export function spacedGeometry(grid: Grid, width: number): Geometry {
  const groupGap = grid.kind === "address" ? 3 : 0;
  const gaps = Math.floor(Math.max(0, grid.columns - 1) / group) * groupGap;
  const most =
    grid.kind === "hilbert"
      ? Math.min(largestCurveCell, Math.floor(highestCurve / Math.max(1, grid.rows)) - gap)
      : largestCell;
  // As if lines were full: a pool of few blocks keeps the cell size of its neighbours.
  const cell = Math.max(smallestCell, Math.min(most, Math.floor((width - gaps + gap) / grid.columns) - gap));
  return sized(grid, cell + gap, groupGap, gap);
}

/** Lays the grid out without gaps, one pixel a place. */
export function denseGeometry(grid: Grid): Geometry {
  return sized(grid, 1, 0, 0);
}

function sized(grid: Grid, pitch: number, groupGap: number, last: number): Geometry {
  const extent = (places: number) =>
    places === 0 ? 0 : (places - 1) * pitch + Math.floor((places - 1) / group) * groupGap + pitch - last;
  return { grid, pitch, groupGap, width: extent(grid.columns), height: extent(grid.rows) };
}

/** Left or top edge of the nth column or line. */
export function offset(geometry: Geometry, index: number): number {
  return index * geometry.pitch + Math.floor(index / group) * geometry.groupGap;
}

/** The column or line at a pixel; a gap belongs to the cell before it. */
export function indexAt({ pitch, groupGap }: Geometry, pixel: number): number {
  const span = group * pitch + groupGap;
  const whole = Math.floor(pixel / span);
  return whole * group + Math.min(group - 1, Math.floor((pixel - whole * span) / pitch));
}
