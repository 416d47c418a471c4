import { type Family, parseAddress } from "../../ipam/address.ts";
import { type AddressRow, unclaimedRows } from "../../ipam/address-rows.ts";
import type { Cidr } from "../../ipam/cidr.ts";
import { compareNames } from "../../ipam/cidr-name.ts";
import type { Inventory } from "../../inventory/inventory.ts";

/** A stretch of address space that one block covers, by the block's name: what is in it changes all the time. */
interface BlockSegment {
  readonly kind: "block";
  readonly name: string;
  readonly family: Family;
  readonly first: bigint;
}

/** A run of a pool's addresses that no block covers; one row. */
export interface GapSegment {
  readonly kind: "gap";
  readonly family: Family;
  readonly first: bigint;
  readonly pool: string;
  readonly row: AddressRow;
}

export type Segment = BlockSegment | GapSegment;

interface Layout {
  readonly revision: number;
  readonly segments: Map<string | null, readonly Segment[]>;
}

const layouts = new WeakMap<Inventory, Layout>();

/**
 * The address space of one pool, or of the whole cluster, in address order; kept until a block, pool or reservation comes or
 * goes. Where pools overlap, the first by name has what is unclaimed, as Calico has it; asked for by name, each pool shows
 * all of its own.
 */
export function segmentsOf(inventory: Inventory, pool: string | null): readonly Segment[] {
  const revision = inventory.space.layoutRevision;
  let layout = layouts.get(inventory);
  if (layout?.revision !== revision) layouts.set(inventory, (layout = { revision, segments: new Map() }));
  let segments = layout.segments.get(pool);
  if (!segments) layout.segments.set(pool, (segments = makeSegments(inventory, pool)));
  return segments;
}

function makeSegments({ space }: Inventory, name: string | null): Segment[] {
  const pool = name === null ? null : space.pools.get("", name);
  if (name !== null && !pool) return [];
  const segments: Segment[] = [];
  for (const block of pool ? space.tallies.pool(pool.name).blocks : space.blocks) {
    segments.push({ kind: "block", name: block.name, family: block.cidr.family, first: block.cidr.base });
  }
  const pools = pool ? [pool] : [...space.pools].sort((one, other) => compareNames(one.name, other.name));
  const before: Cidr[] = [];
  for (const one of pools) {
    const { cidr } = one.pool;
    const taken = [...before, ...space.blocksWithin(cidr).map((block) => block.cidr)];
    before.push(cidr);
    for (const row of unclaimedRows(cidr, taken, [...space.reservations])) {
      const { family, value } = parseAddress(row.ip);
      segments.push({ kind: "gap", family, first: value, pool: one.name, row });
    }
  }
  return segments.sort(bySpace);
}

/** Blocks that begin at the same address, as odd data has them, go by name: every replica pages through them alike. */
function bySpace(one: Segment, other: Segment): number {
  if (one.family !== other.family) return one.family - other.family;
  if (one.first !== other.first) return one.first < other.first ? -1 : 1;
  return compareNames(nameOf(one), nameOf(other));
}

function nameOf(segment: Segment): string {
  return segment.kind === "block" ? segment.name : segment.pool;
}
