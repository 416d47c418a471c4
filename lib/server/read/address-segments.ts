import type { AddressRange } from "../../ipam/cidr-set.ts";
import { cidrSet, rangesOutside, rangesWithin } from "../../ipam/cidr-set.ts";
import type { Family } from "../../ipam/address.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { BlockStates } from "./block-addresses.ts";

/** A stretch of address space that one block covers. */
export interface BlockSegment {
  readonly block: BlockRow;
  readonly family: Family;
  readonly first: bigint;
}

/** A stretch of a pool that no block covers. Reserved stretches are segments of their own. */
export interface GapSegment extends AddressRange {
  readonly block: null;
  readonly family: Family;
  readonly pool: PoolRow;
  readonly reserved: boolean;
}

export type Segment = BlockSegment | GapSegment;

/** Reserved addresses are rows of their own, unless a stretch has more of them than a block can hold: then it is one row. */
export const largestListed = 4096n;

/** The address space of one pool, or of the whole cluster, in address order. */
export function segmentsOf(inventory: Inventory, pool: PoolRow | null): Segment[] {
  const { space } = inventory;
  const pools = pool ? [pool] : [...space.pools];
  const blocks = pool ? space.tallies.pool(pool.name).blocks : space.blocks;
  const segments: Segment[] = [];
  for (const block of blocks) segments.push({ block, family: block.cidr.family, first: block.cidr.base });
  for (const one of pools) segments.push(...gapsOf(inventory, one));
  return segments.sort(bySpace);
}

function bySpace(one: Segment, other: Segment): number {
  if (one.family !== other.family) return one.family - other.family;
  return one.first < other.first ? -1 : one.first > other.first ? 1 : 0;
}

function gapsOf({ space }: Inventory, pool: PoolRow): GapSegment[] {
  const { cidr } = pool.pool;
  const taken = cidrSet(space.blocksWithin(cidr).map((block) => block.cidr));
  const reserved = rangesWithin(space.reservedSet, cidr);
  return rangesOutside(taken, cidr).flatMap((gap) =>
    splitByReserved(gap, reserved).map((part) => ({ ...part, block: null, family: cidr.family, pool })),
  );
}

/** The parts of a gap, in order, told apart by whether they are reserved. `reserved` is disjoint and ascending. */
function splitByReserved(
  gap: AddressRange,
  reserved: readonly AddressRange[],
): (AddressRange & { reserved: boolean })[] {
  const parts: (AddressRange & { reserved: boolean })[] = [];
  let next = gap.first;
  for (const range of reserved) {
    if (range.last < next) continue;
    if (range.first > gap.last) break;
    const first = range.first < next ? next : range.first;
    const last = range.last > gap.last ? gap.last : range.last;
    if (first > next) parts.push({ first: next, last: first - 1n, reserved: false });
    parts.push({ first, last, reserved: true });
    next = last + 1n;
  }
  if (next <= gap.last) parts.push({ first: next, last: gap.last, reserved: false });
  return parts;
}

const startsOfBlocks = new WeakMap<BlockRow, Uint16Array>();

/** The first ordinals of a block's rows, kept for as long as the block does not change. */
export function rowStartsOf(inventory: Inventory, block: BlockRow): Uint16Array {
  const known = startsOfBlocks.get(block);
  if (known) return known;
  const starts = new BlockStates(inventory, block).rowStarts();
  startsOfBlocks.set(block, starts);
  return starts;
}
