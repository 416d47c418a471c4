import { familyBits } from "./address.ts";
import type { Block, Owner } from "./block.ts";
import { freeAddresses, isEmpty, sameOwner } from "./block-ops.ts";
import { collectCooled } from "./block-release.ts";
import { type Cidr, formatCidr } from "./cidr.ts";
import { coveredUntil, type CidrSet } from "./cidr-set.ts";
import { releaseAffinity } from "./affine-block.ts";
import { type Nanoseconds, parseSeconds } from "./go-time.ts";
import { blockAt, type BlockGrid, blocksInPool, hostStart } from "./host-order.ts";
import type { IpamDraft } from "./ipam-draft.ts";
import type { Pool } from "./pool.ts";

const MINUTE = 60_000_000_000n;

/**
 * The block a host should claim next, or null when no pool has one left. An empty block of someone else, claimed at least
 * a minute ago, is released for it once everything is claimed.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block_reader_writer.go findUsableBlock
 */
export function findUsableBlock(draft: IpamDraft, pools: readonly Pool[], owner: Owner): Cidr | null {
  const empty: Block[] = [];
  for (const pool of pools) {
    for (const cidr of unreservedSlots(pool, owner.name, draft.now, draft.reservations)) {
      const stored = draft.peekBlock(formatCidr(cidr));
      if (stored === null || stored.deleted) return cidr;
      const block = collectCooled(stored, draft.clock);
      if (freeAddresses(block, draft.reservations) === 0) continue;
      if (sameOwner(block.affinity, owner)) return cidr;
      if (isEmpty(block)) empty.push(block);
    }
  }
  for (const block of empty) {
    if (recentlyClaimed(block, draft.now)) continue;
    if (releaseAffinity(draft, block.affinity, block.cidr, true) === null) return block.cidr;
  }
  return null;
}

function recentlyClaimed(block: Block, now: Nanoseconds): boolean {
  const claimed = block.claimedAt === null ? null : parseSeconds(block.claimedAt);
  return claimed !== null && now - claimed < MINUTE;
}

/** A pool's blocks in the order of `hostOrder`, wholly reserved ones left out; runs of those are jumped over at once. */
export function* unreservedSlots(
  grid: BlockGrid,
  host: string,
  now: Nanoseconds,
  reservations: CidrSet,
): Generator<Cidr, void> {
  const start = hostStart(grid, host, now);
  yield* slotRun(grid, start, blocksInPool(grid), reservations);
  yield* slotRun(grid, 0n, start, reservations);
}

function* slotRun(grid: BlockGrid, from: bigint, to: bigint, reservations: CidrSet): Generator<Cidr, void> {
  const step = BigInt(familyBits(grid.cidr.family) - grid.blockSize);
  for (let index = from; index < to;) {
    const cidr = blockAt(grid, index);
    const reservedTo = coveredUntil(reservations, cidr);
    if (reservedTo === null) {
      yield cidr;
      index++;
    } else {
      index = (reservedTo + 1n - grid.cidr.base) >> step;
    }
  }
}
