import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { type TokenName, tokens } from "../theme/tokens.ts";
import { type Depth, cellOf, type LegendKey, type Mark, matchesKey } from "./map-model.ts";
import { indexAt, type MapLayout, offset } from "./map-layout.ts";

/** The colours of one scheme, by token. */
export type Palette = (name: TokenName) => string;

export function paletteOf(scheme: "light" | "dark"): Palette {
  return (name) => tokens[name][scheme === "light" ? 0 : 1];
}

export const depthTokens: Readonly<Record<Depth, TokenName>> = {
  0: "depth-0",
  1: "depth-1",
  2: "depth-2",
  3: "depth-3",
  4: "depth-4",
  5: "depth-5",
};

interface Painting {
  readonly map: PoolMap;
  readonly layout: MapLayout;
  readonly palette: Palette;
  /** Only cells of this key keep their strength. */
  readonly only: LegendKey | null;
  /** The part of the map that is on the canvas, in pixels from its top. */
  readonly top: number;
  readonly bottom: number;
}

/** Draws the rows between `top` and `bottom`; the canvas begins at `top`. */
export function paintMap(context: CanvasRenderingContext2D, painting: Painting): void {
  const { map, layout, palette, only, top, bottom } = painting;
  context.clearRect(0, 0, layout.width, bottom - top);
  const hatch = hatching(context, palette);
  const firstRow = indexAt(layout, Math.max(0, top));
  const lastRow = Math.min(layout.rows - 1, indexAt(layout, Math.max(0, bottom)));
  for (let row = firstRow; row <= lastRow; row += 1) {
    const y = offset(layout, row) - top;
    for (let column = 0; column < layout.columns; column += 1) {
      const cell = row * layout.columns + column;
      if (cell >= layout.count) break;
      context.globalAlpha = only === null || matchesKey(map, cell, only) ? 1 : 0.14;
      paintCell(context, map, cell, { x: offset(layout, column), y, side: layout.cell }, palette, hatch);
    }
  }
  context.globalAlpha = 1;
}

interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

function paintCell(
  context: CanvasRenderingContext2D,
  map: PoolMap,
  row: number,
  square: Square,
  palette: Palette,
  hatch: CanvasPattern | null,
): void {
  const { x, y, side } = square;
  const { kind, mark } = cellOf(map, row);
  if (kind === "unclaimed") {
    context.fillStyle = palette("line2");
    const dot = side < 10 ? 2 : 3;
    context.fillRect(Math.round(x + (side - dot) / 2), Math.round(y + (side - dot) / 2), dot, dot);
  } else if (kind === "reserved") {
    fillHatch(context, square, palette, hatch);
  } else {
    if (kind !== 0) {
      context.fillStyle = palette(depthTokens[kind]);
      context.fillRect(x, y, side, side);
    }
    if (kind < 2) {
      context.strokeStyle = palette("depth-2");
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    }
  }
  if (mark !== null) paintMark(context, mark, square, palette, hatch);
}

export function paintMark(
  context: CanvasRenderingContext2D,
  mark: Mark,
  { x, y, side }: Square,
  palette: Palette,
  hatch: CanvasPattern | null,
): void {
  switch (mark) {
    case "lends":
      corner(context, x, y, side, palette);
      return;
    case "noOwner": {
      const radius = Math.max(1.5, side * 0.2);
      context.beginPath();
      context.arc(x + side / 2, y + side / 2, radius + 1.5, 0, 2 * Math.PI);
      context.fillStyle = palette("text");
      context.fill();
      context.beginPath();
      context.arc(x + side / 2, y + side / 2, radius, 0, 2 * Math.PI);
      context.fillStyle = palette("bg");
      context.fill();
      return;
    }
    case "odd":
      context.save();
      context.strokeStyle = palette("control");
      context.setLineDash([2, 2]);
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
      context.restore();
      return;
    case "reserved":
    case "partlyReserved": {
      const height = Math.max(2, Math.round(side / 3));
      fillHatch(context, { x, y: y + side - height, side }, palette, hatch, height);
    }
  }
}

/** The corner at the top right of a block that lends addresses, with a keyline in the ground colour. */
function corner(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  side: number,
  palette: Palette,
): void {
  const size = Math.max(3, Math.round(side * 0.5));
  const triangle = (by: number, colour: string) => {
    context.beginPath();
    context.moveTo(x + side - size - by, y);
    context.lineTo(x + side, y);
    context.lineTo(x + side, y + size + by);
    context.closePath();
    context.fillStyle = colour;
    context.fill();
  };
  if (side >= 10) triangle(2, palette("bg"));
  triangle(0, palette("borrowed"));
}

function fillHatch(
  context: CanvasRenderingContext2D,
  { x, y, side }: Square,
  palette: Palette,
  hatch: CanvasPattern | null,
  height = side,
): void {
  context.fillStyle = palette("bg");
  context.fillRect(x, y, side, height);
  context.fillStyle = hatch ?? palette("reserved");
  context.fillRect(x, y, side, height);
}

/** Lines at 45°, four pixels apart. */
export function hatching(context: CanvasRenderingContext2D, palette: Palette): CanvasPattern | null {
  const tile = document.createElement("canvas");
  tile.width = 4;
  tile.height = 4;
  const pen = tile.getContext("2d");
  if (pen === null) return null;
  pen.strokeStyle = palette("reserved");
  pen.lineWidth = 1;
  for (const shift of [-4, 0, 4]) {
    pen.beginPath();
    pen.moveTo(shift, 4);
    pen.lineTo(shift + 4, 0);
    pen.stroke();
  }
  return context.createPattern(tile, "repeat");
}
