import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { bitsFor, cellOfRow, type Grid } from "./grid.ts";
import { hilbertPlace } from "./hilbert.ts";

/** How the addresses of a block lie inside its cell: lines of `columns`. */
export interface SubGrid {
  readonly columns: number;
  readonly rows: number;
  /** Ordinal of the address at a place of a row's cell. */
  readonly ordinalAt: (row: number, place: number) => number;
  /** Place of an address in a row's cell. */
  readonly placeOf: (row: number, ordinal: number) => number;
}

/** Addresses side by side in a block's cell. */
export function subSide(capacity: number): number {
  return 2 ** Math.ceil(bitsFor(capacity) / 2);
}

/** Of a map: how many addresses a block has, and how many blocks there are. */
type Counted = Pick<PoolMap["header"], "capacity" | "rows">;

/** Address order follows the layout: along the curve on a Hilbert map of square blocks, else line by line. */
export function subGridOf({ capacity, rows: blocks }: Counted, grid: Grid): SubGrid {
  const bits = bitsFor(capacity);
  const columns = subSide(capacity);
  const rows = 2 ** Math.floor(bits / 2);
  const along = grid.kind === "hilbert" && bits % 2 === 0 && bits > 0;
  if (!along) {
    return { columns, rows, ordinalAt: (_row, place) => place, placeOf: (_row, ordinal) => ordinal };
  }
  const curve = new Map<number, { readonly places: Uint16Array; readonly ordinals: Uint16Array }>();
  const blockBits = bitsFor(blocks);
  const curveOf = (row: number) => {
    const known = curve.get(row);
    if (known) return known;
    if (curve.size > 4096) curve.clear();
    const { column, line } = cellOfRow(grid, row);
    const places = new Uint16Array(capacity);
    const ordinals = new Uint16Array(capacity);
    for (let ordinal = 0; ordinal < capacity; ordinal += 1) {
      const { x, y } = hilbertPlace(blockBits + bits, row * capacity + ordinal);
      const place = (y - line * rows) * columns + (x - column * columns);
      places[ordinal] = place;
      ordinals[place] = ordinal;
    }
    const made = { places, ordinals };
    curve.set(row, made);
    return made;
  };
  return {
    columns,
    rows,
    ordinalAt: (row, place) => curveOf(row).ordinals[place] ?? 0,
    placeOf: (row, ordinal) => curveOf(row).places[ordinal] ?? 0,
  };
}
