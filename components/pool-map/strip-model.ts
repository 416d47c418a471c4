import type { PoolMap } from "@/lib/contract/pool-map.ts";
import { poolMapFlags } from "@/lib/contract/pool-map.ts";
import { type Depth, depthOf } from "../pool-map/model.ts";

/** What one pixel column of a strip stands for, when there are more blocks than room for cells. */
export type StripColumn = Depth | "unclaimed" | "reserved";

/**
 * Squeezes the slots of a map into `width` pixel columns, lowest address first. A column is as deep as its claimed blocks are
 * full on average; where none is claimed it is unclaimed, or reserved when all of it is.
 */
export function stripColumns(map: PoolMap, width: number): readonly StripColumn[] {
  const { header, used: stored, flags } = map;
  const { rows, capacity } = header;
  return Array.from({ length: width }, (_unused, x) => {
    const from = Math.floor((x * rows) / width);
    const to = Math.max(from + 1, Math.ceil(((x + 1) * rows) / width));
    let claimed = 0;
    let used = 0;
    let reserved = 0;
    for (let row = from; row < to; row += 1) {
      const cell = stored[row] ?? 0;
      if (cell !== 0) {
        claimed += 1;
        used += cell - 1;
      } else if (((flags[row] ?? 0) & poolMapFlags.reserved) !== 0) reserved += 1;
    }
    if (claimed > 0) return depthOf(Math.round(used / claimed), capacity);
    return reserved === to - from ? "reserved" : "unclaimed";
  });
}
