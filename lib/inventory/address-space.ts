import { formatCidr, sameCidr, type Cidr } from "../ipam/cidr.ts";
import type { Address } from "../ipam/address.ts";
import { type CidrSet, cidrSet, emptyCidrSet } from "../ipam/cidr-set.ts";
import type { PoolSpace } from "../ipam/pool-space.ts";
import { PoolSpaceSum } from "../ipam/pool-space-sum.ts";
import type { Owner } from "../ipam/block.ts";
import type { AffinityState } from "../ipam/snapshot.ts";
import type { AffinityRow, ReservationRow } from "./affinity-row.ts";
import { BlockRow } from "./block-row.ts";
import { countUnder } from "./block-totals.ts";
import type { Changes } from "./changes.ts";
import type { Interner } from "./interner.ts";
import type { PoolRow } from "./pool-row.ts";
import { PrefixIndex } from "./prefix-index.ts";
import { Table } from "./table.ts";
import { Tallies } from "./tally.ts";

/**
 * Pools, blocks, affinities and reservations of a cluster, joined: each block under its pool, each sum kept up to date.
 * Every method does work for what changed only, and marks it in the change feed.
 */
export class AddressSpace {
  readonly pools = new Table<PoolRow>();
  readonly blocks = new Table<BlockRow>();
  readonly affinities = new Table<AffinityRow>();
  readonly reservations = new Table<ReservationRow>();
  readonly tallies: Tallies;
  private readonly changes: Changes;
  private readonly poolIndex = new PrefixIndex<PoolRow>();
  private readonly blockIndex = new PrefixIndex<BlockRow>();
  private readonly reservationIndex = new PrefixIndex<ReservationRow>();
  private readonly claims = new Map<string, AffinityRow>();
  /** Of pools that were asked about. */
  private readonly spaces = new Map<string, PoolSpaceSum<BlockRow>>();
  private reserved: CidrSet = emptyCidrSet;
  /**
   * Called with each row of a block that came or went (one that is replaced under the same pool comes only), and when something
   * changed that the row does not have: its claim, or a pod that had its address.
   */
  readonly watchers = new Set<(block: BlockRow) => void>();
  /** Raised whenever a block or pool comes, goes or moves, or a reservation changes: the division of the address space. */
  layoutRevision = 0;
  /** Raised whenever anything of a block, pool or reservation changes: what the table of addresses is made of. */
  contentRevision = 0;
  /** Raised whenever a pool is made, changed or removed: what depends on all pools is to be judged again. */
  poolsRevision = 0;

  constructor(changes: Changes, interner: Interner) {
    this.changes = changes;
    this.tallies = new Tallies(interner);
  }

  /** Union of all reservations. */
  get reservedSet(): CidrSet {
    return this.reserved;
  }

  /** The first pool by name that overlaps the CIDR, as Calico groups blocks. */
  poolOf(cidr: Cidr): PoolRow | null {
    return firstByName(this.poolIndex.overlapping(cidr));
  }

  /** Pools whose CIDR contains the address, by name. */
  poolsWith(address: Address): readonly PoolRow[] {
    return [...this.poolIndex.containing(address)].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /**
   * The pools that overlap the CIDR, those that overlap them, and so on: who keeps whom from a range depends on no others.
   */
  overlapGroup(cidr: Cidr): ReadonlySet<PoolRow> {
    const group = new Set(this.poolIndex.overlapping(cidr));
    for (const one of group) for (const other of this.poolIndex.overlapping(one.pool.cidr)) group.add(other);
    return group;
  }

  /** The smallest block that contains the address; there is more than one only in odd data. */
  blockWith(address: Address): BlockRow | null {
    let found: BlockRow | null = null;
    for (const block of this.blockIndex.containing(address)) {
      if (!found || block.cidr.prefix > found.cidr.prefix) found = block;
    }
    return found;
  }

  /** `blockWith` for an IPv4 address as a number; made for loops over every pod. */
  blockAtIpv4(value: number): BlockRow | null {
    return this.blockIndex.atIpv4(value);
  }

  blocksWithin(cidr: Cidr): readonly BlockRow[] {
    return [...this.blockIndex.overlapping(cidr)];
  }

  /** Names of the reservations that cover the address. */
  reservedBy(address: Address): string[] {
    return [...new Set([...this.reservationIndex.containing(address)].map((row) => row.name))].sort();
  }

  /** State of the owner's claim on the block; null: there is no such row. */
  claim(owner: Owner, cidr: Cidr): AffinityState | null {
    return this.claims.get(claimKey(owner, cidr))?.affinity.state ?? null;
  }

  /** What lies outside the pool's blocks. The first time, and when the pool itself has another shape, all of them are counted. */
  space({ name, pool }: PoolRow): PoolSpace {
    let sum = this.spaces.get(name);
    if (!sum || !sameCidr(sum.pool.cidr, pool.cidr) || sum.pool.blockSize !== pool.blockSize) {
      sum = new PoolSpaceSum(pool);
      for (const block of this.tallies.pool(name).blocks) sum.add(block);
      this.spaces.set(name, sum);
    }
    return sum.space(this.reserved);
  }

  putPool(row: PoolRow): void {
    const before = this.pools.put(row);
    this.poolsRevision += 1;
    this.contentRevision += 1;
    if (before) this.markGroup(before.pool.cidr);
    if (before) this.poolIndex.remove(before.pool.cidr, before);
    this.poolIndex.add(row.pool.cidr, row);
    if (!before || !sameCidr(before.pool.cidr, row.pool.cidr)) {
      this.layoutRevision += 1;
      if (before) this.regroup(before.pool.cidr);
      this.regroup(row.pool.cidr);
    }
    this.markGroup(row.pool.cidr);
    this.changes.touch("namespaces", "addresses");
  }

  removePool(name: string): void {
    const row = this.pools.remove("", name);
    if (!row) return;
    this.poolsRevision += 1;
    this.contentRevision += 1;
    this.layoutRevision += 1;
    this.markGroup(row.pool.cidr);
    this.poolIndex.remove(row.pool.cidr, row);
    this.regroup(row.pool.cidr);
    this.tallies.dropPool(name);
    this.spaces.delete(name);
    this.changes.poolRemoved(name);
    this.changes.touch("namespaces", "addresses", "pods", "nodes");
  }

  putBlock(read: BlockRow): void {
    const pool = this.poolOf(read.cidr)?.name ?? null;
    const row = new BlockRow(read, pool, countUnder(read.cidr, read.content, this.reserved));
    const before = this.blocks.put(row);
    if (before && sameCidr(before.cidr, row.cidr) && before.pool === row.pool) {
      this.blockIndex.remove(before.cidr, before);
      this.blockIndex.add(row.cidr, row);
      this.tallies.replace(before, row);
      this.spaceSum(before)?.take(before);
      this.spaceSum(row)?.add(row);
    } else {
      this.layoutRevision += 1;
      if (before) this.forgetBlock(before);
      this.rememberBlock(row);
    }
    this.markBlock(row);
  }

  removeBlock(name: string): void {
    const row = this.blocks.remove("", name);
    if (!row) return;
    this.layoutRevision += 1;
    this.forgetBlock(row);
    this.changes.blockRemoved(name);
    this.markPoolOf(row);
  }

  putAffinity(row: AffinityRow): void {
    const before = this.affinities.put(row);
    if (before) this.dropClaim(before);
    this.claims.set(claimKey(row.affinity.owner, row.affinity.cidr), row);
    if (before) this.markClaimed(before);
    this.markClaimed(row);
  }

  removeAffinity(name: string): void {
    const row = this.affinities.remove("", name);
    if (!row) return;
    this.dropClaim(row);
    this.markClaimed(row);
  }

  /** A pod that had the address is another one, or gone. */
  userChanged(address: Address): void {
    for (const block of this.blockIndex.containing(address)) this.tell(block);
  }

  putReservation(row: ReservationRow): void {
    const before = this.reservations.put(row);
    for (const cidr of before?.cidrs ?? []) if (before) this.reservationIndex.remove(cidr, before);
    for (const cidr of row.cidrs) this.reservationIndex.add(cidr, row);
    this.rereserve([...(before?.cidrs ?? []), ...row.cidrs]);
  }

  removeReservation(name: string): void {
    const row = this.reservations.remove("", name);
    if (!row) return;
    for (const cidr of row.cidrs) this.reservationIndex.remove(cidr, row);
    this.rereserve(row.cidrs);
  }

  /** Puts every block that the CIDR touches under the pool that now has it. */
  private regroup(cidr: Cidr): void {
    for (const block of this.blocksWithin(cidr)) {
      const pool = this.poolOf(block.cidr)?.name ?? null;
      if (pool !== block.pool) this.restate(block, new BlockRow(block, pool, block.counts));
    }
  }

  /** Counts again what the CIDRs, reserved before or now, touch. */
  private rereserve(cidrs: readonly Cidr[]): void {
    this.reserved = cidrSet([...this.reservations].flatMap((row) => row.cidrs));
    this.layoutRevision += 1;
    this.contentRevision += 1;
    const blocks = new Set(cidrs.flatMap((cidr) => this.blocksWithin(cidr)));
    for (const block of blocks) {
      const counts = countUnder(block.cidr, block.content, this.reserved);
      this.restate(block, new BlockRow(block, block.pool, counts));
    }
    for (const cidr of cidrs)
      for (const pool of this.poolIndex.overlapping(cidr)) this.changes.pool(pool.name);
    this.changes.touch("addresses");
  }

  private restate(before: BlockRow, after: BlockRow): void {
    this.blocks.put(after);
    this.forgetBlock(before);
    this.rememberBlock(after);
    this.markBlock(after);
  }

  /** Whether a pool gives addresses can depend on every pool of its group. */
  private markGroup(cidr: Cidr): void {
    for (const pool of this.overlapGroup(cidr)) this.changes.pool(pool.name);
  }

  private spaceSum({ pool }: BlockRow): PoolSpaceSum<BlockRow> | undefined {
    return pool === null ? undefined : this.spaces.get(pool);
  }

  private rememberBlock(row: BlockRow): void {
    this.blockIndex.add(row.cidr, row);
    this.tallies.add(row);
    this.spaceSum(row)?.add(row);
  }

  private forgetBlock(row: BlockRow): void {
    this.blockIndex.remove(row.cidr, row);
    this.tallies.take(row);
    this.spaceSum(row)?.take(row);
    this.markPoolOf(row);
    this.tell(row);
  }

  private dropClaim(row: AffinityRow): void {
    const key = claimKey(row.affinity.owner, row.affinity.cidr);
    if (this.claims.get(key) === row) this.claims.delete(key);
  }

  private markClaimed({ affinity }: AffinityRow): void {
    for (const block of this.blockIndex.overlapping(affinity.cidr)) {
      if (!sameCidr(block.cidr, affinity.cidr)) continue;
      this.changes.block(block.name);
      this.tell(block);
    }
  }

  private tell(block: BlockRow): void {
    for (const watcher of this.watchers) watcher(block);
  }

  private markBlock(row: BlockRow): void {
    this.changes.block(row.name);
    this.markPoolOf(row);
    this.tell(row);
  }

  private markPoolOf(row: BlockRow): void {
    this.contentRevision += 1;
    if (row.pool !== null) this.changes.pool(row.pool);
    this.changes.touch("addresses", "pods", "namespaces", "nodes");
  }
}

function claimKey(owner: Owner, cidr: Cidr): string {
  return `${owner.type}:${owner.name} ${formatCidr(cidr)}`;
}

function firstByName(pools: Iterable<PoolRow>): PoolRow | null {
  let first: PoolRow | null = null;
  for (const pool of pools) if (!first || pool.name < first.name) first = pool;
  return first;
}
