import type { ColourKey } from "./colour-scheme.ts";
import { corner, edge, fillPattern, type Ink, type Rect } from "./ink.ts";
import type { Mark } from "./model.ts";

/** From this side on a cell carries its letter. */
const letterFrom = 13;

/** A block's cell without its mark. `joined`: hatching goes on to the right and below, up to the neighbours. */
export function paintCell(ink: Ink, key: ColourKey, rect: Rect, joined: Rect = rect): void {
  const { context, palette } = ink;
  const { x, y, width, height } = rect;
  switch (key.look) {
    case "dot": {
      const dot = Math.min(width, height) < 12 ? 2 : 3;
      context.fillStyle = palette(key.fill);
      context.fillRect(Math.round(x + (width - dot) / 2), Math.round(y + (height - dot) / 2), dot, dot);
      return;
    }
    case "hatch":
      fillPattern(ink, joined, ink.hatch);
      return;
    case "hollow":
      edge(ink, rect, palette("depth-2"));
      return;
    case "dashed":
      edge(ink, rect, palette(key.fill), [2, 2]);
      break;
    case "edged":
    case "fill":
      context.fillStyle = palette(key.fill);
      context.fillRect(x, y, width, height);
      if (key.look === "edged") edge(ink, rect, palette("depth-2"));
  }
  if (key.letter !== "" && Math.min(width, height) >= letterFrom) {
    context.fillStyle = palette(key.look === "dashed" ? "text" : "bg");
    context.font = `600 ${Math.min(14, Math.round(Math.min(width, height) * 0.62))}px ${sans}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(key.letter, x + width / 2, y + height / 2 + 0.5);
  }
}

export const sans = `"Geist Variable", system-ui, sans-serif`;
export const mono = `"Geist Mono Variable", ui-monospace, monospace`;

/** What a cell says besides its colour. Below six pixels there is no room for it. */
export function paintMark(ink: Ink, mark: Mark, rect: Rect): void {
  const { context, palette } = ink;
  const { x, y, width, height } = rect;
  const side = Math.min(width, height);
  switch (mark) {
    case "leak":
      corner(ink, rect, "bottom left", palette("leak"));
      return;
    case "lends":
      corner(ink, rect, "top right", palette("borrowed"));
      return;
    case "borrows":
      corner(ink, rect, "top left", palette("borrowed"));
      return;
    case "noOwner":
      ring(ink, rect, Math.min(7, Math.max(1.5, side * 0.2)));
      return;
    case "unsettled":
      context.fillStyle = palette("bg");
      context.fillRect(Math.round(x + width / 2 - 1), y + 2, 2, height - 4);
      return;
    case "odd":
      edge(ink, rect, palette("bg"));
      edge(ink, rect, palette("text"), [2, 2]);
      return;
    case "reserved":
    case "partlyReserved": {
      const part = Math.max(2, Math.round(height / 3));
      fillPattern(ink, { x, y: y + height - part, width, height: part }, ink.hatch);
      return;
    }
    case "cooling":
      if (side < 10) return;
      context.fillStyle = palette("bg");
      for (let at = x + 2; at + 2 <= x + width - 1; at += 4) context.fillRect(at, y + height - 4, 2, 2);
  }
}

function ring({ context, palette }: Ink, { x, y, width, height }: Rect, radius: number): void {
  for (const [by, colour] of [
    [1.5, palette("text")],
    [0, palette("bg")],
  ] as const) {
    context.beginPath();
    context.arc(x + width / 2, y + height / 2, radius + by, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
  }
}
