import { type TokenName, tokens } from "../theme/tokens.ts";

/** The colours of one scheme, by token. */
export type Palette = (name: TokenName) => string;

export function paletteOf(scheme: "light" | "dark"): Palette {
  return (name) => tokens[name][scheme === "light" ? 0 : 1];
}

/** What a canvas is drawn with: colours, and patterns that lie still under all cells, so that shapes go on across them. */
export interface Ink {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  /** Lines at 45°, four pixels apart: reserved. */
  readonly hatch: CanvasPattern | string;
  /** The same, seven pixels apart, for large cells. */
  readonly wideHatch: CanvasPattern | string;
  /** Dots, four pixels apart: cooling. */
  readonly dots: CanvasPattern | string;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `scale`: how large the canvas draws a pixel; patterns are made for it, else they would be blurred. */
export function inkOf(context: CanvasRenderingContext2D, palette: Palette, scale: number): Ink {
  const lines = (step: number) => (pen: CanvasRenderingContext2D) => {
    pen.strokeStyle = palette("reserved");
    pen.lineWidth = 1;
    for (const shift of [-step, 0, step]) {
      pen.beginPath();
      pen.moveTo(shift - 1, step + 1);
      pen.lineTo(shift + step + 1, -1);
      pen.stroke();
    }
  };
  const dots = (pen: CanvasRenderingContext2D) => {
    pen.fillStyle = palette("cooling");
    pen.fillRect(1, 1, 1.5, 1.5);
  };
  return {
    context,
    palette,
    hatch: pattern(context, 4, scale, lines(4)) ?? palette("reserved"),
    wideHatch: pattern(context, 7, scale, lines(7)) ?? palette("reserved"),
    dots: pattern(context, 4, scale, dots) ?? palette("cooling"),
  };
}

function pattern(
  context: CanvasRenderingContext2D,
  side: number,
  scale: number,
  draw: (pen: CanvasRenderingContext2D) => void,
): CanvasPattern | null {
  const tile = document.createElement("canvas");
  tile.width = Math.round(side * scale);
  tile.height = tile.width;
  const pen = tile.getContext("2d");
  if (pen === null) return null;
  pen.scale(tile.width / side, tile.width / side);
  draw(pen);
  const made = context.createPattern(tile, "repeat");
  made?.setTransform(new DOMMatrix().scale(side / tile.width));
  return made;
}

/** A one pixel edge inside the rectangle. */
export function edge(
  { context }: Ink,
  { x, y, width, height }: Rect,
  colour: string,
  dash: number[] = [],
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.setLineDash([]);
}

/** Fills with a pattern over the ground colour. */
export function fillPattern(ink: Ink, { x, y, width, height }: Rect, filled: CanvasPattern | string): void {
  ink.context.fillStyle = ink.palette("bg");
  ink.context.fillRect(x, y, width, height);
  ink.context.fillStyle = filled;
  ink.context.fillRect(x, y, width, height);
}

/** A triangle in a corner, with a keyline in the ground colour where there is room for one. */
export function corner(ink: Ink, { x, y, width, height }: Rect, where: Corner, colour: string): void {
  const { context } = ink;
  const side = Math.min(width, height);
  const size = Math.max(3, Math.round(side * (side > 24 ? 0.36 : 0.5)));
  const [cornerX, across] = where.includes("left") ? [x, 1] : [x + width, -1];
  const [cornerY, down] = where.includes("top") ? [y, 1] : [y + height, -1];
  const triangle = (by: number, fill: string) => {
    context.beginPath();
    context.moveTo(cornerX, cornerY);
    context.lineTo(cornerX + across * (size + by), cornerY);
    context.lineTo(cornerX, cornerY + down * (size + by));
    context.closePath();
    context.fillStyle = fill;
    context.fill();
  };
  if (side >= 10) triangle(2, ink.palette("bg"));
  triangle(0, colour);
}

export type Corner = "top left" | "top right" | "bottom left";
