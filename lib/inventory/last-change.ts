import type { BlockRow } from "./block-row.ts";
import type { Inventory } from "./inventory.ts";

/** A time further ahead than this is a mistake of whoever wrote it, and says nothing about when something changed. */
const aheadMs = 3_600_000;

/**
 * The newest time that the objects themselves carry, in milliseconds since 1970: when one was made, a block claimed, an address
 * given, a pod last refused. Null: none carries any. It depends on the state alone, not on when or by whom that was read.
 */
export function lastChange(inventory: Inventory): number | null {
  const latest = inventory.clock.now() + aheadMs;
  let newest = 0;
  const see = (at: number) => {
    if (at > newest && at <= latest) newest = at;
  };
  for (const time of timesOf(inventory)) see(time);
  for (const block of inventory.space.blocks) {
    if (block.claimedAt !== null) see(Date.parse(block.claimedAt));
    seeAllocations(block, see);
  }
  const { table } = inventory.pods;
  for (let slot = 0; slot < table.end; slot++) {
    if (table.isPresent(slot)) see((table.createdAt[slot] ?? 0) * 1000);
  }
  return newest === 0 ? null : newest;
}

function* timesOf({ space, nodes, namespaces, pods }: Inventory): Iterable<number> {
  for (const { pool } of space.pools) yield Date.parse(pool.createdAt);
  for (const rows of [space.reservations, nodes.table, namespaces]) {
    for (const { createdAt } of rows) yield createdAt * 1000;
  }
  for (const { at } of pods.failures) yield at;
}

function seeAllocations({ content }: BlockRow, see: (at: number) => void): void {
  for (let index = 0; index < content.allocationCount; index++) see(content.since(index));
}
