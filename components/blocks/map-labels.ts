import { familyBits, formatAddress } from "@/lib/ipam/address.ts";
import type { PoolMap } from "@/lib/contract/pool-map.ts";
import type { MapLayout } from "./map-layout.ts";
import { slotCidr } from "./map-model.ts";

/** The first address of a map's row of cells. */
export function rowLabel(map: PoolMap, layout: MapLayout, row: number): string {
  const { family, base } = slotCidr(map, row * layout.columns);
  return formatAddress({ family, value: base });
}

/** What stands above the columns: column and text, the distance from the row's first address. */
export interface ColumnLabel {
  readonly column: number;
  readonly text: string;
}

const group = 4;

/**
 * Labels of the columns: `.0`, `.1`, … count /24s where a row is larger than one, else addresses. Sparse maps have none,
 * because their rows are not runs.
 */
export function columnLabels(map: PoolMap, layout: MapLayout): readonly ColumnLabel[] {
  if (map.slot !== null || layout.rows === 0) return [];
  const { family } = slotCidr(map, 0);
  const perCell = 1n << BigInt(familyBits(family) - map.header.blockSize);
  const perRow = perCell * BigInt(layout.columns);
  const unit = family === 4 && perRow > 256n ? 256n : 1n;
  const labels: ColumnLabel[] = [];
  for (let column = 0; column < Math.min(layout.columns, layout.count); column += group) {
    const distance = perCell * BigInt(column);
    if (distance % unit !== 0n) continue;
    const number = distance / unit;
    labels.push({ column, text: family === 4 ? `.${number}` : `:${number.toString(16)}` });
  }
  return labels;
}

/** What one cell, four cells and a row are, in words. */
export function scaleWords(map: PoolMap, layout: MapLayout): string {
  const { blockSize, capacity } = map.header;
  const addresses = capacity === 1 ? "1 address" : `${capacity} addresses`;
  const cell = `One cell is a /${blockSize} block of ${addresses}`;
  if (map.slot !== null) return `${cell}. Only claimed blocks are drawn, lowest address first.`;
  if (layout.count < layout.columns) return `${cell}.`;
  const rowPrefix = blockSize - Math.log2(layout.columns);
  return rowPrefix < 0
    ? `${cell}.`
    : `${cell}, four cells are a /${blockSize - 2}, a row is a /${rowPrefix}.`;
}
