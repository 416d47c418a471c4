import { familyBits, formatAddress } from "@/lib/ipam/address.ts";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { group } from "./geometry.ts";
import type { Grid, LayoutKind } from "./grid.ts";
import { slotCidr } from "./model.ts";

/** The first address of a line of cells in address order. */
export function rowLabel(map: PoolMap, grid: Grid, line: number): string {
  const { family, base } = slotCidr(map, line * grid.columns);
  return formatAddress({ family, value: base });
}

/** What stands above the columns: column and text, the distance from the line's first address. */
export interface ColumnLabel {
  readonly column: number;
  readonly text: string;
}

/**
 * Labels of the columns: `.0`, `.1`, … count /24s where a line is larger than one, else addresses. Sparse maps have none,
 * because their lines are not runs.
 */
export function columnLabels(map: PoolMap, grid: Grid): readonly ColumnLabel[] {
  if (map.slot !== null || grid.rows === 0) return [];
  const { family } = slotCidr(map, 0);
  const perCell = 1n << BigInt(familyBits(family) - map.header.blockSize);
  const perLine = perCell * BigInt(grid.columns);
  const unit = family === 4 && perLine > 256n ? 256n : 1n;
  const labels: ColumnLabel[] = [];
  for (let column = 0; column < grid.columns; column += group) {
    const distance = perCell * BigInt(column);
    if (distance % unit !== 0n) continue;
    const number = distance / unit;
    labels.push({ column, text: family === 4 ? `.${number}` : `:${number.toString(16)}` });
  }
  return labels;
}

/** What one cell, four cells and a line are, in words. */
export function scaleWords(map: PoolMap, grid: Grid, layout: LayoutKind): string {
  const { blockSize, capacity } = map.header;
  const addresses = capacity === 1 ? "1 address" : `${capacity} addresses`;
  const cell = `One cell is a /${blockSize} block of ${addresses}`;
  const drawn = map.slot === null ? "" : " Only claimed blocks are drawn, lowest address first.";
  if (layout === "hilbert") {
    return map.slot === null
      ? `${cell}. Neighbours in address are neighbours here, so every CIDR is a square or half of one.`
      : `${cell}.${drawn}`;
  }
  if (layout === "node") return `${cell}, below the node that owns it.${drawn}`;
  if (map.slot !== null) return `${cell}.${drawn}`;
  if (grid.rows < 2) return `${cell}.`;
  const linePrefix = blockSize - Math.log2(grid.columns);
  return linePrefix < 0
    ? `${cell}.`
    : `${cell}, four cells are a /${blockSize - 2}, a line is a /${linePrefix}.`;
}

/** The number that a slot's addresses count on from, as it stands in their last part. */
export function slotNumber(map: PoolMap, row: number): { readonly base: number; readonly hex: boolean } {
  const { family, base } = slotCidr(map, row);
  return { base: Number(base & (family === 4 ? 255n : 0xffffn)), hex: family === 6 };
}
