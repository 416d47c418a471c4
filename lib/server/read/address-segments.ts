import { type Family, parseAddress } from "../../ipam/address.ts";
import { type AddressRow, unclaimedRows } from "../../ipam/address-rows.ts";
import type { Cidr } from "../../ipam/cidr.ts";
import { compareNames } from "../../ipam/cidr-name.ts";
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

/** A run of a pool's addresses that no block covers; one row. */
export interface GapSegment {
  readonly block: null;
  readonly family: Family;
  readonly first: bigint;
  readonly pool: string;
  readonly row: AddressRow;
}

export type Segment = BlockSegment | GapSegment;

/**
 * The address space of one pool, or of the whole cluster, in address order. Where pools overlap, the first by name has what
 * is unclaimed, as Calico has it; asked for by name, each pool shows all of its own.
 */
export function segmentsOf({ space }: Inventory, pool: PoolRow | null): Segment[] {
  const blocks = pool ? space.tallies.pool(pool.name).blocks : space.blocks;
  const segments: Segment[] = [];
  for (const block of blocks) segments.push({ block, family: block.cidr.family, first: block.cidr.base });
  const pools = pool ? [pool] : [...space.pools].sort((one, other) => compareNames(one.name, other.name));
  const before: Cidr[] = [];
  for (const { name, pool: one } of pools) {
    const taken = [...before, ...space.blocksWithin(one.cidr).map((block) => block.cidr)];
    before.push(one.cidr);
    for (const row of unclaimedRows(one.cidr, taken, [...space.reservations])) {
      const { family, value } = parseAddress(row.ip);
      segments.push({ block: null, family, first: value, pool: name, row });
    }
  }
  return segments.sort(bySpace);
}

function bySpace(one: Segment, other: Segment): number {
  if (one.family !== other.family) return one.family - other.family;
  return one.first < other.first ? -1 : one.first > other.first ? 1 : 0;
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
