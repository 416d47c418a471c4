import { type Allocation, type AllocationKind, describeAttribute } from "./attribute-kind.ts";
import type { Block } from "./block.ts";
import { reservedOrdinals } from "./block-ops.ts";
import type { CidrSet } from "./cidr-set.ts";

/** Counts of one block's addresses. `inUse`, `reserved` and `free` are what calicoctl ≥ 3.33 prints; in use and reserved may overlap. */
export interface BlockCounts {
  readonly capacity: number;
  /** All that is not in the queue: pods, tunnels, cooling, leaked, Windows' own. */
  readonly inUse: number;
  /** Covered by a reservation, in use or not. */
  readonly reserved: number;
  /** Reserved and in use: `inUse + reserved − reservedInUse + free = capacity`. */
  readonly reservedInUse: number;
  /** In the queue and not reserved. */
  readonly free: number;
  /** Released, not yet free again; part of `inUse`. An entry whose time is over still counts, as calicoctl counts it. */
  readonly cooling: number;
  /** Sums to `inUse − cooling`. What lies neither in the queue nor in an entry (odd data) is `other`. */
  readonly byKind: Readonly<Record<AllocationKind, number>>;
  /**
   * In use by another node than the owner; in a block without an owner every address with a node.
   * Source: NonAffineAllocations, projectcalico/calico@87c1590 libcalico-go/lib/backend/model/block.go
   */
  readonly lent: number;
}

const NO_RESERVATION = () => false;

/** `entries`: the attributes described, from whoever has done so already. */
export function countBlock(
  block: Block,
  reservations: CidrSet,
  entries: readonly Allocation[] = block.attributes.map((entry) => describeAttribute(entry)),
): BlockCounts {
  const capacity = block.allocations.length;
  const byKind: Record<AllocationKind, number> = {
    pod: 0,
    tunnel: 0,
    loadBalancer: 0,
    vm: 0,
    windows: 0,
    other: 0,
  };
  const home = block.affinity?.name ?? null;
  let cooling = 0;
  let lent = 0;
  for (const index of block.allocations) {
    if (index === null) continue;
    const entry = entries[index];
    if (entry === undefined) continue;
    if (entry.kind === null) cooling++;
    else byKind[entry.kind]++;
    if (entry.node !== null && entry.node !== home) lent++;
  }
  const reserved = reservedOrdinals(block.cidr, reservations) ?? NO_RESERVATION;
  const reservedCount = reserved === NO_RESERVATION ? 0 : countOrdinals(capacity, reserved);
  const reservedFree =
    reserved === NO_RESERVATION ? 0 : block.queue.filter((ordinal) => reserved(ordinal)).length;
  const inUse = capacity - block.queue.length;
  const known = Object.values(byKind).reduce((sum, count) => sum + count, cooling);
  byKind.other += inUse - known;
  return {
    capacity,
    inUse,
    reserved: reservedCount,
    reservedInUse: reservedCount - reservedFree,
    free: block.queue.length - reservedFree,
    cooling,
    byKind,
    lent,
  };
}

function countOrdinals(size: number, test: (ordinal: number) => boolean): number {
  let count = 0;
  for (let ordinal = 0; ordinal < size; ordinal++) if (test(ordinal)) count++;
  return count;
}
