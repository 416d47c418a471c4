import type { PoolMap } from "@/lib/contract/pool-map.ts";
import type { Cells } from "@/lib/contract/pool-map-differing.ts";
import type { Colouring } from "./colouring.ts";
import { mostFlags } from "./counts.ts";
import { hasMark, type Mark, marks } from "./model.ts";

/** Tells which rows keep their strength: those of which the column says what passes. */
export class RowFilter {
  readonly column: Cells;
  /** By what the column may say: 1 passes; what is beyond does not. */
  readonly passing: Uint8Array;

  constructor(column: Cells, passing: Uint8Array) {
    this.column = column;
    this.passing = passing;
  }

  has(row: number): boolean {
    return this.passing[this.column[row] ?? 0] === 1;
  }
}

function isMark(id: string): id is Mark {
  return (marks as readonly string[]).includes(id);
}

/**
 * The filter that a key of the legend stands for: a colour of this colouring, a mark, or any node by `node:NAME`. Null: none
 * is asked for, or no such key is here.
 */
export function rowFilter(map: PoolMap, colouring: Colouring, id: string | null): RowFilter | null {
  if (id === null) return null;
  if (isMark(id)) return new RowFilter(map.flags, flagsWith(id));
  const key = colouring.keys.findIndex((each) => each.id === id);
  if (key >= 0) return new RowFilter(colouring.classes, only(key, colouring.keys.length));
  const nodes = map.header.nodes ?? [];
  const node = id.startsWith("node:") && map.node !== null ? nodes.indexOf(id.slice(5)) : -1;
  return node < 0 || map.node === null ? null : new RowFilter(map.node, only(node + 1, nodes.length + 1));
}

function only(value: number, values: number): Uint8Array {
  const passing = new Uint8Array(values);
  passing[value] = 1;
  return passing;
}

/** A wholly reserved block passes as reserved also where somebody has claimed it. */
function flagsWith(mark: Mark): Uint8Array {
  return Uint8Array.from({ length: mostFlags }, (_unused, flags) => (hasMark(flags, mark) ? 1 : 0));
}
