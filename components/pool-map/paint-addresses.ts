import { addressBits, addressKind, type AddressKind, type AddressMap } from "@/lib/contract/address-map.ts";
import type { ColourKey } from "./colour-scheme.ts";
import type { Colouring } from "./colouring.ts";
import { corner, edge, fillPattern, type Ink, type Rect } from "./ink.ts";
import { mono } from "./paint-cell.ts";
import type { SubGrid } from "./sub-grid.ts";

/** The addresses of a block: rows of `map` from `at` on. */
export interface BlockAddresses {
  readonly map: AddressMap;
  readonly at: number;
}

/** From this side on an address carries its last part and its letter. */
const numberFrom = 26;
/** From this side on addresses have a gap between them, and free ones an edge. */
const spacedFrom = 8;

const kindLetters: Readonly<Partial<Record<AddressKind, string>>> = {
  tunnel: "T",
  loadBalancer: "L",
  vm: "V",
  windows: "W",
  other: "O",
  cooling: "C",
};

interface Drawing {
  readonly sub: SubGrid;
  readonly row: number;
  readonly capacity: number;
  /** Number of the block's first address within its last octet, or group. */
  readonly base: number;
  readonly hex: boolean;
  readonly colouring: Colouring;
  readonly rect: Rect;
}

/** A block enlarged to its addresses, each by colour, pattern and, where there is room, letter. */
export function paintAddresses(ink: Ink, { map, at }: BlockAddresses, drawing: Drawing): void {
  const { sub, row, capacity, rect } = drawing;
  // Where nobody has claimed anything there is nothing to draw; the frame still says where blocks begin and end.
  edge(
    ink,
    { x: rect.x - 1, y: rect.y - 1, width: rect.width + 1, height: rect.height + 1 },
    ink.palette("line"),
  );
  for (let ordinal = 0; ordinal < capacity; ordinal += 1) {
    const place = sub.placeOf(row, ordinal);
    const inside = addressRect(sub, place, rect);
    const state = map.state[at + ordinal] ?? 0;
    paintAddress(ink, state, inside, fillOf(drawing, map, at + ordinal, state), drawing, ordinal);
  }
}

/** Where an address lies in the cell of its block. */
export function addressRect(sub: SubGrid, place: number, { x, y, width, height }: Rect): Rect {
  const column = place % sub.columns;
  const line = Math.floor(place / sub.columns);
  const left = x + Math.round((column * width) / sub.columns);
  const top = y + Math.round((line * height) / sub.rows);
  return {
    x: left,
    y: top,
    width: x + Math.round(((column + 1) * width) / sub.columns) - left,
    height: y + Math.round(((line + 1) * height) / sub.rows) - top,
  };
}

function paintAddress(
  ink: Ink,
  state: number,
  whole: Rect,
  used: ColourKey | null,
  { base, hex }: Drawing,
  ordinal: number,
): void {
  const { context, palette } = ink;
  const spaced = Math.min(whole.width, whole.height) >= spacedFrom ? 1 : 0;
  const rect = { ...whole, width: whole.width - spaced, height: whole.height - spaced };
  const kind = addressKind(state);
  const leak = (state & addressBits.leak) !== 0;
  const reserved = (state & addressBits.reserved) !== 0;
  let letter = kindLetters[kind] ?? "";
  let ground: "bg" | "depth-3" | "tunnel" = "bg";
  if (leak) {
    edge(ink, rect, palette("leak"), [3, 2]);
    if (spaced) edge(ink, inset(rect), palette("leak"), [3, 2]);
    letter = "?";
  } else if (kind === "unclaimed" || kind === "free") {
    if (reserved) {
      // Without a gap, so that a reservation is one shape.
      fillPattern(ink, whole, spaced ? ink.wideHatch : ink.hatch);
      letter = "R";
    } else {
      if (kind === "unclaimed" || !spaced) return;
      edge(ink, rect, palette("line2"));
    }
  } else if (kind === "cooling") {
    fillPattern(ink, rect, ink.dots);
    if (spaced) edge(ink, rect, palette("cooling"));
  } else {
    ground = kind === "tunnel" ? "tunnel" : "depth-3";
    context.fillStyle = palette(kind === "tunnel" ? "tunnel" : (used?.fill ?? "depth-3"));
    context.fillRect(rect.x, rect.y, rect.width, rect.height);
    if ((state & addressBits.borrowed) !== 0) {
      corner(ink, rect, "top right", palette("borrowed"));
      letter = "B";
    }
  }
  if (rect.width < numberFrom || rect.height < 20) return;
  context.fillStyle = palette(ground === "bg" ? "text2" : ground === "tunnel" ? "text" : "on-used");
  if (kind === "cooling" || (reserved && ground === "bg")) chip(ink, rect);
  if (leak) context.fillStyle = palette("leak");
  context.font = `11px ${mono}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const middle = rect.y + rect.height / 2 + 0.5;
  const number = base + ordinal;
  context.fillText(hex ? number.toString(16) : String(number), rect.x + 4, middle);
  if (letter === "" || rect.width < 36) return;
  context.textAlign = "right";
  context.fillText(letter, rect.x + rect.width - 4, middle);
}

function inset({ x, y, width, height }: Rect): Rect {
  return { x: x + 1, y: y + 1, width: width - 2, height: height - 2 };
}

/** A ground under the text where a pattern would make it hard to read. */
function chip(ink: Ink, { x, y, width, height }: Rect): void {
  const { context } = ink;
  const before = context.fillStyle;
  context.fillStyle = ink.palette("bg");
  context.fillRect(x + 2, y + height / 2 - 7, width >= 36 ? width - 4 : width - 6, 14);
  context.fillStyle = before;
}

const byId = new WeakMap<Colouring, ReadonlyMap<string, ColourKey>>();

/** The colour of an address in use: of its own node or namespace where the map is coloured by those, else of its block. */
function fillOf(drawing: Drawing, map: AddressMap, at: number, state: number): ColourKey | null {
  const { colouring, row } = drawing;
  const { mode, keys, classes } = colouring;
  if (mode === "use") return null;
  if (mode === "borrowing")
    return (state & addressBits.borrowed) === 0 ? null : (keys[classes[row] ?? 0] ?? null);
  if (mode === "age") return keys[classes[row] ?? 0] ?? null;
  const names = mode === "node" ? map.header.nodes : map.header.namespaces;
  const name = names[((mode === "node" ? map.node : map.namespace)[at] ?? 0) - 1];
  let known = byId.get(colouring);
  if (!known) byId.set(colouring, (known = new Map(keys.map((key) => [key.id, key]))));
  return known.get(`${mode}:${name ?? ""}`) ?? known.get(`${mode}s-other`) ?? null;
}
