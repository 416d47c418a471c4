import type { Pool } from "../../contract/pools.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { unknownOf, withUnknown } from "./ready.ts";

/**
 * The figures of a pool. What blocks or reservations would tell is null when those may not be read. `blocksLeft` is
 * `blocks.left` as a number.
 */
export function poolUsage(
  inventory: Inventory,
  row: PoolRow,
): Pick<Pool, "usage" | "blocks" | "tunnelNodes" | "unknown"> & { readonly blocksLeft: bigint | null } {
  const { space } = inventory;
  const tally = space.tallies.pool(row.name);
  const { capacity, reserved, freeOutsideBlocks, possibleBlocks, blocksLeft } = space.space(row);
  const blocksMissing = unknownOf(inventory, "usage", "blocks");
  const reservationsMissing = unknownOf(inventory, "usage.reserved", "reservations");
  const byBlocks = (count: bigint | number) => (blocksMissing ? null : digits(count));
  const byReservations = (count: bigint | number) => (reservationsMissing ? null : digits(count));
  const byBoth = (count: bigint | number) => ((blocksMissing ?? reservationsMissing) ? null : digits(count));

  const inUse = BigInt(tally.inUse);
  const free = BigInt(tally.free) + freeOutsideBlocks;
  const { pod, tunnel, loadBalancer, vm, windows, other } = tally.byKind;
  return {
    usage: {
      capacity: digits(capacity),
      inUse: byBlocks(inUse),
      reserved: byReservations(reserved),
      free: byBoth(free),
      cooling: byBlocks(tally.cooling),
      borrowed: byBlocks(tally.borrowed),
      reservedUnused: byBoth(capacity - inUse - free),
      freeInBlocks: byBoth(tally.free),
      byKind: {
        pod: byBlocks(pod),
        tunnel: byBlocks(tunnel),
        loadBalancer: byBlocks(loadBalancer),
        vm: byBlocks(vm),
        windows: byBlocks(windows),
        other: byBlocks(other),
      },
    },
    blocks: {
      claimed: byBlocks(tally.blocks.size),
      possible: digits(possibleBlocks),
      left: byBoth(blocksLeft),
    },
    tunnelNodes: blocksMissing ? null : tally.tunnelNodes.size,
    blocksLeft: blocksMissing || reservationsMissing ? null : blocksLeft < 0n ? 0n : blocksLeft,
    ...withUnknown(
      blocksMissing,
      blocksMissing && { ...blocksMissing, field: "blocks" },
      blocksMissing && { ...blocksMissing, field: "tunnelNodes" },
      blocksMissing && { ...blocksMissing, field: "fragmentation" },
      blocksMissing && { ...blocksMissing, field: "nodes.fit" },
      reservationsMissing,
      reservationsMissing && { ...reservationsMissing, field: "usage.free" },
      reservationsMissing && { ...reservationsMissing, field: "usage.reservedUnused" },
      reservationsMissing && { ...reservationsMissing, field: "usage.freeInBlocks" },
      reservationsMissing && { ...reservationsMissing, field: "blocks.left" },
      reservationsMissing && { ...reservationsMissing, field: "fragmentation" },
      reservationsMissing && { ...reservationsMissing, field: "nodes.fit" },
    ),
  };
}

/** Odd data (an address that is both in use and in the queue) can push a difference below zero; a count never is. */
function digits(count: bigint | number): string {
  return count < 0 ? "0" : count.toString();
}
