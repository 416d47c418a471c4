import { type PoolMap, poolMapFlags } from "@/lib/contract/pool-map.ts";
import { hilbertSize, hilbertTable } from "./hilbert.ts";

/** How the blocks of a pool are laid out. */
export const layouts = ["address", "node", "hilbert"] as const;
export type LayoutKind = (typeof layouts)[number];

/** The places of a map: a grid in which each row of the pool map has one, and some may have none. */
export interface Grid {
  readonly kind: LayoutKind;
  readonly columns: number;
  readonly rows: number;
  /** Row of the pool map at each place, line by line from the top left; -1: nothing is there. */
  readonly rowAt: Int32Array;
  /** Place of each row of the pool map. */
  readonly placeOf: Int32Array;
  /** Heads that stand in the grid itself, one above each node's blocks. */
  readonly heads: readonly GridHead[];
}

interface GridHead {
  /** A node's name, or what the blocks below have in common. */
  readonly text: string;
  readonly isNode: boolean;
  /** Where its line begins, and how many columns it may take. */
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly blocks: number;
}

/** Lines of `columns` blocks, lowest address first. */
export function addressGrid(count: number, columns: number): Grid {
  const rows = Math.ceil(count / columns);
  const rowAt = new Int32Array(rows * columns).fill(-1);
  const placeOf = new Int32Array(count);
  for (let row = 0; row < count; row += 1) {
    rowAt[row] = row;
    placeOf[row] = row;
  }
  return { kind: "address", columns: Math.min(columns, count), rows, rowAt, placeOf, heads: [] };
}

/** Bits of the smallest power of two that is at least `count`. */
export function bitsFor(count: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(1, count))));
}

/** Blocks along a Hilbert curve, so that neighbours in address are neighbours here. */
export function hilbertGrid(count: number): Grid {
  const bits = bitsFor(count);
  const { columns, rows } = hilbertSize(bits);
  const table = hilbertTable(bits);
  const rowAt = new Int32Array(rows * columns).fill(-1);
  const placeOf = new Int32Array(count);
  for (let row = 0; row < count; row += 1) {
    const place = (table.y[row] ?? 0) * columns + (table.x[row] ?? 0);
    rowAt[place] = row;
    placeOf[row] = place;
  }
  return { kind: "hilbert", columns, rows, rowAt, placeOf, heads: [] };
}

/** Blocks beside each other under one head before the next line begins: so many that a name has room above them. */
function groupWidth(groups: readonly (readonly number[])[]): number {
  return groups.some((rows) => rows.length > 8) ? 16 : 8;
}

/**
 * Blocks by the node that owns them, nodes by name, `columns` places wide or a little less; then those that nobody owns and
 * those that nobody has claimed. Needs the map's column of nodes.
 */
export function nodeGrid(map: PoolMap, columns: number): Grid {
  const { groups, noOwner, unclaimed, reserved } = byNode(map);
  const names = [...groups.keys()].sort(compareNames);
  const width = groupWidth([...groups.values()]);
  const perShelf = Math.max(1, Math.floor((columns + 1) / (width + 1)));
  const wide = perShelf * (width + 1) - 1;
  const placeOf = new Int32Array(map.header.rows);
  const heads: GridHead[] = [];
  let top = 0;
  const put = (rows: readonly number[], left: number, across: number) => {
    rows.forEach((row, index) => {
      placeOf[row] = (top + 1 + Math.floor(index / across)) * wide + left + (index % across);
    });
    return Math.ceil(rows.length / across) + 1;
  };
  for (let first = 0; first < names.length; first += perShelf) {
    let height = 0;
    names.slice(first, first + perShelf).forEach((name, index) => {
      const rows = groups.get(name) ?? [];
      const column = index * (width + 1);
      heads.push({ text: name, isNode: true, column, row: top, columns: width, blocks: rows.length });
      height = Math.max(height, put(rows, column, width));
    });
    top += height;
  }
  for (const [text, rows] of [
    ["No owner", noOwner],
    ["Unclaimed", unclaimed],
    ["Reserved", reserved],
  ] as const) {
    if (rows.length === 0) continue;
    heads.push({ text, isNode: false, column: 0, row: top, columns: wide, blocks: rows.length });
    top += put(rows, 0, wide);
  }
  const rowAt = new Int32Array(wide * top).fill(-1);
  placeOf.forEach((place, row) => (rowAt[place] = row));
  return { kind: "node", columns: wide, rows: top, rowAt, placeOf, heads };
}

function byNode(map: PoolMap) {
  const { header, node, used, flags } = map;
  const groups = new Map<string, number[]>();
  const noOwner: number[] = [];
  const unclaimed: number[] = [];
  const reserved: number[] = [];
  for (let row = 0; row < header.rows; row += 1) {
    const name = header.nodes?.[(node?.[row] ?? 0) - 1];
    if (name !== undefined) {
      const known = groups.get(name);
      if (known) known.push(row);
      else groups.set(name, [row]);
    } else if (used[row] !== 0) noOwner.push(row);
    else if (((flags[row] ?? 0) & poolMapFlags.reserved) !== 0) reserved.push(row);
    else unclaimed.push(row);
  }
  return { groups, noOwner, unclaimed, reserved };
}

const byNumber = new Intl.Collator("en", { numeric: true });

/** `node-2` comes before `node-10`. */
function compareNames(one: string, other: string): number {
  return byNumber.compare(one, other) || (one < other ? -1 : 1);
}

/** The place of a row, as column and line. */
export function cellOfRow(grid: Grid, row: number): { readonly column: number; readonly line: number } {
  const place = grid.placeOf[row] ?? 0;
  return { column: place % grid.columns, line: Math.floor(place / grid.columns) };
}

/** The row at a place; null: none is there. */
export function rowAtCell(grid: Grid, column: number, line: number): number | null {
  if (column < 0 || line < 0 || column >= grid.columns || line >= grid.rows) return null;
  const row = grid.rowAt[line * grid.columns + column] ?? -1;
  return row < 0 ? null : row;
}

/** Columns and lines that an arrow key moves by; null: the key moves nothing. */
export function arrowStep(key: string): readonly [number, number] | null {
  switch (key) {
    case "ArrowLeft":
      return [-1, 0];
    case "ArrowRight":
      return [1, 0];
    case "ArrowUp":
      return [0, -1];
    case "ArrowDown":
      return [0, 1];
    case "PageUp":
      return [0, -8];
    case "PageDown":
      return [0, 8];
    default:
      return null;
  }
}

/** The row that a key leads to from `row`: over heads and gaps, at an edge the same one. Null: the key moves nothing. */
export function neighbour(grid: Grid, row: number, key: string): number | null {
  const { column, line } = cellOfRow(grid, row);
  if (key === "Home" || key === "End") {
    const inLine = Array.from({ length: grid.columns }, (_unused, at) => rowAtCell(grid, at, line));
    return (key === "Home" ? inLine.find(isThere) : inLine.findLast(isThere)) ?? row;
  }
  const step = arrowStep(key);
  if (step === null) return null;
  const [across, down] = step;
  const unit = Math.sign(across) || Math.sign(down);
  let found = row;
  let moved = 0;
  const wanted = Math.abs(across || down);
  for (let at = unit; moved < wanted; at += unit) {
    const [x, y] = across === 0 ? [column, line + at] : [column + at, line];
    if (x < 0 || y < 0 || x >= grid.columns || y >= grid.rows) break;
    const there = rowAtCell(grid, x, y);
    if (there === null) continue;
    found = there;
    moved += 1;
  }
  return found;
}

function isThere(row: number | null): row is number {
  return row !== null;
}
