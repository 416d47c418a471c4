import type { Interner } from "../../inventory/interner.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import { NameColumn } from "./pool-map-names.ts";

/** Interned namespace, addresses of its pods, the next namespace, and so on. Most blocks have one or a few. */
type Tally = readonly number[];

const noPods: Tally = [];
const ofWholeBlocks = new WeakMap<BlockRow, Tally>();

/** Whose pods have most of the addresses of each row. Blocks that did not change are not counted again. */
export class NamespacesOfRows {
  private readonly tallies = new Map<number, Tally>();

  /** The ordinals of the block that lie in the row, both included. */
  add(row: number, block: BlockRow, first: number, last: number): void {
    const isWhole = first === 0 && last === block.content.size - 1;
    const tally = isWhole ? wholeTally(block) : tallyOf(block, first, last);
    const before = this.tallies.get(row);
    if (tally.length > 0) this.tallies.set(row, before ? merged(before, tally) : tally);
  }

  /** Null stands for several namespaces that have equally many. */
  column(rows: number, interner: Interner): NameColumn<string | null> {
    const column = new NameColumn<string | null>(rows);
    for (const [row, tally] of this.tallies) column.set(row, interner.text(mostOf(tally)));
    return column;
  }
}

function wholeTally(block: BlockRow): Tally {
  const known = ofWholeBlocks.get(block);
  if (known) return known;
  const tally = tallyOf(block, 0, block.content.size - 1);
  ofWholeBlocks.set(block, tally);
  return tally;
}

function tallyOf({ content }: BlockRow, first: number, last: number): Tally {
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

function merged(one: Tally, other: Tally): Tally {
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
function mostOf(tally: Tally): number {
  let [found, most] = [0, 0];
  for (let at = 0; at < tally.length; at += 2) {
    const [namespace = 0, count = 0] = [tally[at], tally[at + 1]];
    if (count > most) [found, most] = [namespace, count];
    else if (count === most) found = 0;
  }
  return found;
}
