import type { Interner } from "../../inventory/interner.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import { NameColumn } from "./pool-map-names.ts";

/** Interned namespace, addresses of its pods, the next namespace, and so on. Most blocks have one or a few. */
export type NamespaceTally = readonly number[];

const noPods: NamespaceTally = [];

/** Whose pods have most of the addresses of each row. */
export class NamespacesOfRows {
  private readonly tallies = new Map<number, NamespaceTally>();

  add(row: number, tally: NamespaceTally): void {
    if (tally.length === 0) return;
    const before = this.tallies.get(row);
    this.tallies.set(row, before ? merged(before, tally) : tally);
  }

  /** Null stands for several namespaces that have equally many. */
  column(rows: number, interner: Interner): NameColumn<string | null> {
    const column = new NameColumn<string | null>(rows);
    for (const [row, tally] of this.tallies) column.set(row, interner.text(mostOf(tally)));
    return column;
  }
}

/** Of the ordinals of the block, both included. */
export function namespaceTally({ content }: BlockRow, first: number, last: number): NamespaceTally {
  const counts = new Map<number, number>();
  for (let ordinal = first; ordinal <= last; ordinal++) {
    const index = content.slot(ordinal);
    if (index < 0) continue;
    const kind = content.kind(index);
    if (kind !== "pod" && kind !== "vm") continue;
    const namespace = content.namespaceId(index);
    if (namespace !== 0) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  return counts.size === 0 ? noPods : [...counts].flat();
}

function merged(one: NamespaceTally, other: NamespaceTally): NamespaceTally {
  const counts = new Map<number, number>();
  for (const tally of [one, other]) {
    for (let at = 0; at < tally.length; at += 2) {
      const [namespace = 0, count = 0] = tally.slice(at, at + 2);
      counts.set(namespace, (counts.get(namespace) ?? 0) + count);
    }
  }
  return [...counts].flat();
}

/** 0: several have equally many, and no other more. */
function mostOf(tally: NamespaceTally): number {
  let [found, most] = [0, 0];
  for (let at = 0; at < tally.length; at += 2) {
    const [namespace = 0, count = 0] = [tally[at], tally[at + 1]];
    if (count > most) [found, most] = [namespace, count];
    else if (count === most) found = 0;
  }
  return found;
}
