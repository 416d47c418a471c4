import type { Block } from "./block.ts";
import { reservedOrdinals } from "./block-ops.ts";
import { type Cidr, cidrSize, parseCidr } from "./cidr.ts";
import { cidrName, compareNames } from "./cidr-name.ts";
import { type CidrSet, intersectionSize, mergeRanges, rangesWithin } from "./cidr-set.ts";
import type { Pool } from "./pool.ts";
import { FirstOverlap } from "./first-overlap.ts";

export interface BlockUse {
  readonly cidr: Cidr;
  readonly capacity: number;
  readonly inUse: number;
  readonly reserved: number;
  readonly free: number;
}

/** One pool with its blocks, or (pool null) the IPv4 blocks outside every pool. */
export interface PoolUse {
  readonly pool: { readonly name: string; readonly cidr: Cidr } | null;
  readonly capacity: bigint;
  readonly inUse: bigint;
  readonly reserved: bigint;
  readonly free: bigint;
  /** In the order of their resource names. */
  readonly blocks: readonly BlockUse[];
}

const EVERY_IPV4 = parseCidr("0.0.0.0/0").cidr;

/**
 * What `calicoctl ipam show` of ≥ 3.33 counts: pools by name, the orphan group last. A block belongs to the first pool by
 * name that overlaps it; because the orphan group is 0.0.0.0/0, IPv6 blocks outside every pool are in no group at all.
 * Cooling addresses are in use even when their time is over, and half-deleted blocks are listed like any other. Figures are exact where calicoctl overflows (pools of 2^63 and more).
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go GetUtilization, reserved.go
 */
export function utilization(
  pools: readonly Pool[],
  blocks: Iterable<Block>,
  reservations: CidrSet,
): PoolUse[] {
  const groups: { pool: Pool | null; cidr: Cidr; blocks: Block[] }[] = pools
    .toSorted((a, b) => compareNames(a.name, b.name))
    .map((pool) => ({ pool, cidr: pool.cidr, blocks: [] }));
  groups.push({ pool: null, cidr: EVERY_IPV4, blocks: [] });
  const index = new FirstOverlap(groups);
  for (const block of blocks) index.find(block.cidr)?.blocks.push(block);
  return groups.map(({ pool, cidr, blocks: own }) => {
    const named = own.map((block) => ({ name: cidrName(block.cidr), use: blockUse(block, reservations) }));
    const uses = named.sort((a, b) => compareNames(a.name, b.name)).map(({ use }) => use);
    const inBlocks = BigInt(uses.reduce((sum, use) => sum + use.free, 0));
    return {
      pool: pool === null ? null : { name: pool.name, cidr },
      capacity: cidrSize(cidr),
      inUse: BigInt(uses.reduce((sum, use) => sum + use.inUse, 0)),
      reserved: intersectionSize(reservations, cidr),
      free: inBlocks + unclaimed(cidr, own, reservations),
      blocks: uses,
    };
  });
}

function blockUse(block: Block, reservations: CidrSet): BlockUse {
  const capacity = block.allocations.length;
  const reserved = reservedOrdinals(block.cidr, reservations);
  return {
    cidr: block.cidr,
    capacity,
    inUse: capacity - block.queue.length,
    reserved: reserved === null ? 0 : Number(intersectionSize(reservations, block.cidr)),
    free: reserved === null ? block.queue.length : block.queue.filter((ordinal) => !reserved(ordinal)).length,
  };
}

/** Addresses of the pool in none of its blocks and not reserved. */
function unclaimed(pool: Cidr, blocks: readonly Block[], reservations: CidrSet): bigint {
  const end = pool.base + cidrSize(pool) - 1n;
  const covered = rangesWithin(reservations, pool);
  for (const { cidr } of blocks) {
    const last = cidr.base + cidrSize(cidr) - 1n;
    covered.push({ first: cidr.base < pool.base ? pool.base : cidr.base, last: last > end ? end : last });
  }
  return mergeRanges(covered).reduce((left, range) => left - (range.last - range.first + 1n), cidrSize(pool));
}
