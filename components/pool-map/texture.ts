import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { type Colouring, hasSameKeys, reservedClass } from "./colouring.ts";
import type { RowFilter } from "./filter.ts";
import type { Grid } from "./grid.ts";
import type { Palette } from "./ink.ts";

/** How strong rows are that the filter leaves out. */
export const dimmed = 0.14;

interface Content {
  readonly map: PoolMap;
  readonly grid: Grid;
  readonly colouring: Colouring;
  readonly palette: Palette;
  readonly filter: RowFilter | null;
}

/**
 * A whole map with one pixel a block, drawn enlarged or reduced in one step: what 262,144 blocks cost the least as. Made anew
 * when what it shows changes; when only some blocks do, only their pixels are written.
 */
export class Texture {
  readonly canvas = document.createElement("canvas");
  private readonly pen = this.canvas.getContext("2d");
  private image: ImageData | null = null;
  private pixels = new Uint32Array(0);
  private shown: Content | null = null;

  show(content: Content): void {
    const before = this.shown;
    this.shown = content;
    const { grid, colouring } = content;
    const isComparable =
      before !== null &&
      before.grid === grid &&
      before.palette === content.palette &&
      before.filter === null &&
      content.filter === null &&
      hasSameKeys(before.colouring, colouring);
    if (isComparable && before.colouring === colouring) return;
    const colours = colourTable(content);
    if (isComparable && this.image) {
      const [old, next] = [before.colouring.classes, colouring.classes];
      for (let row = 0; row < next.length; row += 1) {
        if (old[row] !== next[row]) this.write(content, colours, grid.placeOf[row] ?? 0, row);
      }
    } else {
      this.resize(grid);
      for (let place = 0; place < grid.rowAt.length; place += 1) {
        this.write(content, colours, place, grid.rowAt[place] ?? -1);
      }
    }
    if (this.image) this.pen?.putImageData(this.image, 0, 0);
  }

  private resize({ columns, rows }: Grid): void {
    if (this.image?.width === columns && this.image.height === rows) return;
    this.canvas.width = columns;
    this.canvas.height = rows;
    this.image = columns * rows === 0 ? null : new ImageData(columns, rows);
    this.pixels = new Uint32Array(this.image?.data.buffer ?? new ArrayBuffer(0));
  }

  private write({ grid, colouring, filter }: Content, colours: Colours, place: number, row: number): void {
    if (row < 0) {
      this.pixels[place] = 0;
      return;
    }
    const key = colouring.classes[row] ?? 0;
    const table = filter === null || filter(row) ? colours.full : colours.faint;
    // Lines at 45°, as the hatching of larger cells.
    const lineThrough =
      key !== reservedClass || (place + Math.floor(place / grid.columns) * (1 - grid.columns)) % 4 === 0;
    this.pixels[place] = lineThrough ? (table[key] ?? 0) : 0;
  }
}

interface Colours {
  readonly full: Uint32Array;
  readonly faint: Uint32Array;
}

/** Every key as a pixel, opaque and dimmed; nothing where a cell would be empty. */
function colourTable({ colouring, palette }: Content): Colours {
  const opaque = colouring.keys.map(({ look, fill }) =>
    look === "dot" ? 0 : pixelOf(palette(look === "hollow" ? "depth-0" : fill)),
  );
  return {
    full: Uint32Array.from(opaque),
    faint: Uint32Array.from(opaque, (pixel) =>
      pixel === 0 ? 0 : ((pixel & 0xffffff) | (Math.round(255 * dimmed * 2) << 24)) >>> 0,
    ),
  };
}

/** `#rrggbb` as the little endian number that an image holds. */
function pixelOf(colour: string): number {
  const value = Number.parseInt(colour.slice(1, 7), 16);
  const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
