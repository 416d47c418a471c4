import { differing } from "@/lib/contract/pool-map-differing.ts";
import { type Colouring, hasSameKeys, reservedClass } from "./colouring.ts";
import type { RowFilter } from "./filter.ts";
import type { Grid } from "./grid.ts";
import type { Palette } from "./ink.ts";

/** How strong rows are that the filter leaves out. */
export const dimmed = 0.14;

/** What a map is coloured by. */
export interface Content {
  readonly grid: Grid;
  readonly colouring: Colouring;
  readonly palette: Palette;
  readonly filter: RowFilter | null;
}

/** Pixels that were written, and the rectangle that they lie in. */
export interface Written {
  readonly pixels: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A whole map with one pixel a block, as an image holds them. Made anew when it is coloured in another way, by a look at a table
 * a pixel; when only some blocks change, only their pixels are written.
 */
export class MapPixels {
  pixels = new Uint32Array(0);
  private shown: Content | null = null;

  /** What of it differs from before; null: nothing. `room` gives the pixels of a grid of another size. */
  show(content: Content, room: (grid: Grid) => Uint32Array<ArrayBuffer>): Written | null {
    const before = this.shown;
    this.shown = content;
    const { grid, colouring, filter } = content;
    if (!before || !isShownAlike(before, content)) {
      if (before?.grid.columns !== grid.columns || before.grid.rows !== grid.rows) this.pixels = room(grid);
      this.writeAll(content);
      return { pixels: this.pixels.length, x: 0, y: 0, width: grid.columns, height: grid.rows };
    }
    const rows = [differing(before.colouring.classes, colouring.classes)];
    if (before.filter && filter && filter.column !== colouring.classes)
      rows.push(differing(before.filter.column, filter.column));
    return this.writeSome(content, rows);
  }

  private writeAll(content: Content): void {
    const { grid, colouring, filter } = content;
    const { pixels } = this;
    const { rowAt, columns } = grid;
    const { classes } = colouring;
    const colours = colourTable(content);
    for (let place = 0; place < rowAt.length; place += 1) {
      const row = rowAt[place] ?? -1;
      const key = row < 0 ? nowhere : (classes[row] ?? 0);
      const isFaint = filter !== null && row >= 0 && filter.passing[filter.column[row] ?? 0] !== 1;
      pixels[place] =
        key === reservedClass && !isLine(place, columns) ? 0 : (colours[isFaint ? key + faint : key] ?? 0);
    }
  }

  private writeSome(content: Content, changed: readonly Uint32Array[]): Written | null {
    const { grid, colouring, filter } = content;
    const { columns } = grid;
    const colours = colourTable(content);
    let [left, top, right, bottom, count] = [columns, grid.rows, -1, -1, 0];
    for (const rows of changed) {
      for (const row of rows) {
        const place = grid.placeOf[row] ?? 0;
        const key = colouring.classes[row] ?? 0;
        const isFaint = filter !== null && !filter.has(row);
        this.pixels[place] =
          key === reservedClass && !isLine(place, columns) ? 0 : (colours[isFaint ? key + faint : key] ?? 0);
        const x = place % columns;
        const y = (place - x) / columns;
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
      }
      count += rows.length;
    }
    return count === 0
      ? null
      : { pixels: count, x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  }
}

/** Lines at 45°, as the hatching of larger cells. */
function isLine(place: number, columns: number): boolean {
  return (place + Math.floor(place / columns) * (1 - columns)) % 4 === 0;
}

/** Whether what is equal in both looks the same in both. */
function isShownAlike(before: Content, { grid, palette, colouring, filter }: Content): boolean {
  if (before.grid !== grid || before.palette !== palette || !hasSameKeys(before.colouring, colouring))
    return false;
  if (before.filter === null || filter === null) return before.filter === filter;
  const isOfColours = before.filter.column === before.colouring.classes;
  return (
    isOfColours === (filter.column === colouring.classes) &&
    before.filter.column.length === filter.column.length &&
    before.filter.passing.length === filter.passing.length &&
    differing(before.filter.passing, filter.passing).length === 0
  );
}

/** From a key's pixel to its dimmed one; keys are fewer. */
const faint = 128;
/** A place without a row: no colour. */
const nowhere = faint - 1;

/** Every key as a pixel, opaque and, `faint` further on, dimmed; nothing where a cell would be empty. */
function colourTable({ colouring, palette }: Content): Uint32Array {
  const table = new Uint32Array(2 * faint);
  colouring.keys.forEach(({ look, fill }, key) => {
    if (look === "dot") return;
    const pixel = pixelOf(palette(look === "hollow" ? "depth-0" : fill));
    table[key] = pixel;
    table[key + faint] = ((pixel & 0xffffff) | (Math.round(255 * dimmed * 2) << 24)) >>> 0;
  });
  return table;
}

/** `#rrggbb` as the little endian number that an image holds. */
function pixelOf(colour: string): number {
  const value = Number.parseInt(colour.slice(1, 7), 16);
  const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
