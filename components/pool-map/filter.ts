import { type PoolMap, poolMapFlags } from "@/lib/contract/pool-map.ts";
import type { Colouring } from "./colouring.ts";
import { hasMark, type Mark, marks } from "./model.ts";

/** Tells which rows keep their strength. */
export type RowFilter = (row: number) => boolean;

function isMark(id: string): id is Mark {
  return (marks as readonly string[]).includes(id);
}

/**
 * The filter that a key of the legend stands for: a colour of this colouring, a mark, or any node by `node:NAME`. Null: none
 * is asked for, or no such key is here.
 */
export function rowFilter(map: PoolMap, colouring: Colouring, id: string | null): RowFilter | null {
  if (id === null) return null;
  const { flags, used } = map;
  if (id === "reserved") return (row) => ((flags[row] ?? 0) & poolMapFlags.reserved) !== 0;
  if (isMark(id)) return (row) => hasMark(flags[row] ?? 0, id);
  const key = colouring.keys.findIndex((each) => each.id === id);
  if (key >= 0) return (row) => colouring.classes[row] === key;
  const node =
    id.startsWith("node:") && map.node !== null ? (map.header.nodes ?? []).indexOf(id.slice(5)) : -1;
  return node < 0 ? null : (row) => used[row] !== 0 && map.node?.[row] === node + 1;
}
