import type { AllocationKind } from "../ipam/attribute-kind.ts";
import type { BlockRow } from "./block-row.ts";
import type { Interner } from "./interner.ts";
import type { PackedBlock } from "./packed-block.ts";

/** Sums over the blocks of one pool, kept by adding and taking away blocks. */
export interface PoolTally {
  readonly blocks: Set<BlockRow>;
  inUse: number;
  /** Free and unreserved addresses in the blocks. */
  free: number;
  /** Reserved addresses in the blocks, in use or not. */
  reserved: number;
  cooling: number;
  /** In use by another node than the block's owner. */
  borrowed: number;
  readonly byKind: Record<AllocationKind, number>;
  /** Interned node → tunnel addresses it holds here. */
  readonly tunnelNodes: Map<number, number>;
  /** Blocks with a free address. */
  blocksWithFree: number;
  /** Free addresses in blocks without an owner. */
  ownerless: number;
  /** Owned blocks with free addresses of which nothing is in use but by Windows itself. */
  empty: number;
  /** Interned node → blocks it owns here. */
  readonly held: Map<number, number>;
  /** Raised whenever a node comes into `held` or leaves it. */
  holdersRevision: number;
}

const kinds: readonly AllocationKind[] = ["pod", "tunnel", "loadBalancer", "vm", "windows", "other"];

/** What a node has in one pool, or outside every pool. */
interface NodeShare {
  /** Blocks whose owner it is. */
  blocks: number;
  /** Addresses of those blocks. */
  capacity: number;
  /** Addresses in use by it, wherever they lie. */
  used: number;
  /** Of those, in blocks that it does not own. */
  borrowed: number;
}

export interface NodeTally {
  blocks: number;
  used: number;
  borrowed: number;
  /** The same by pool; null: in no pool. */
  readonly pools: Map<string | null, NodeShare>;
}

/**
 * What blocks add up to, per pool, namespace and node. Work is per changed address of a changed block, nothing is summed up
 * again.
 */
export class Tallies {
  /** Interned node. */
  readonly nodes = new Map<number, NodeTally>();
  /** Interned namespace → pool → addresses in use. Addresses in no pool are not in here. */
  readonly namespaces = new Map<number, Map<string, number>>();
  private readonly pools = new Map<string, PoolTally>();
  private readonly orphans = emptyTally();
  private readonly interner: Interner;

  constructor(interner: Interner) {
    this.interner = interner;
  }

  /** Null: the blocks that lie in no pool. */
  pool(name: string | null): PoolTally {
    if (name === null) return this.orphans;
    let tally = this.pools.get(name);
    if (!tally) this.pools.set(name, (tally = emptyTally()));
    return tally;
  }

  dropPool(name: string): void {
    this.pools.delete(name);
  }

  add(block: BlockRow): void {
    this.pool(block.pool).blocks.add(block);
    this.moveCounts(block, 1);
    this.moveOwner(block, 1);
    for (let ordinal = 0; ordinal < block.content.size; ordinal++) this.moveAddress(block, ordinal, 1);
  }

  take(block: BlockRow): void {
    this.pool(block.pool).blocks.delete(block);
    this.moveCounts(block, -1);
    for (let ordinal = 0; ordinal < block.content.size; ordinal++) this.moveAddress(block, ordinal, -1);
    this.moveOwner(block, -1);
  }

  /**
   * A newer state of the same block, with the same CIDR and pool. Addresses that are used as before are only compared: an event
   * that changes one of twenty costs a fifth of taking the block away and adding it.
   */
  replace(before: BlockRow, after: BlockRow): void {
    if (before.owner?.name !== after.owner?.name || before.owner?.type !== after.owner?.type) {
      this.take(before);
      this.add(after);
      return;
    }
    const { blocks } = this.pool(after.pool);
    blocks.delete(before);
    blocks.add(after);
    this.moveCounts(before, -1);
    this.moveCounts(after, 1);
    for (let ordinal = 0; ordinal < after.content.size; ordinal++) {
      if (isUsedAlike(before.content, after.content, ordinal)) continue;
      this.moveAddress(before, ordinal, -1);
      this.moveAddress(after, ordinal, 1);
    }
  }

  private moveCounts({ owner, pool, counts }: BlockRow, sign: 1 | -1): void {
    const tally = this.pool(pool);
    tally.inUse += sign * counts.inUse;
    tally.free += sign * counts.free;
    tally.reserved += sign * counts.reserved;
    tally.cooling += sign * counts.cooling;
    tally.borrowed += sign * counts.lent;
    const { byKind } = counts;
    for (const kind of kinds) tally.byKind[kind] += sign * byKind[kind];
    if (counts.free <= 0) return;
    tally.blocksWithFree += sign;
    if (owner === null) tally.ownerless += sign * counts.free;
    else if (counts.inUse === byKind.windows) tally.empty += sign;
  }

  private moveOwner({ owner, pool, counts }: BlockRow, sign: 1 | -1): void {
    if (owner?.type !== "host") return;
    const id = this.interner.id(owner.name);
    const ofPool = this.pool(pool);
    const holders = ofPool.held.size;
    bump(ofPool.held, id, sign);
    if (ofPool.held.size !== holders) ofPool.holdersRevision += 1;
    const tally = this.node(id);
    const share = shareOf(tally, pool);
    tally.blocks += sign;
    share.blocks += sign;
    share.capacity += sign * counts.capacity;
    this.forget(id, pool);
  }

  private moveAddress({ content, pool }: BlockRow, ordinal: number, sign: 1 | -1): void {
    const index = content.slot(ordinal);
    if (index < 0) return;
    const node = content.nodeId(index);
    if (node !== 0) {
      const tally = this.node(node);
      const share = shareOf(tally, pool);
      tally.used += sign;
      share.used += sign;
      if (node !== content.homeId) {
        tally.borrowed += sign;
        share.borrowed += sign;
      }
      if (content.isTunnel(index)) bump(this.pool(pool).tunnelNodes, node, sign);
      if (sign < 0) this.forget(node, pool);
    }
    const namespace = content.namespaceId(index);
    if (namespace === 0 || pool === null) return;
    let pools = this.namespaces.get(namespace);
    if (!pools) this.namespaces.set(namespace, (pools = new Map()));
    bump(pools, pool, sign);
    if (pools.size === 0) this.namespaces.delete(namespace);
  }

  private node(id: number): NodeTally {
    let tally = this.nodes.get(id);
    if (!tally) this.nodes.set(id, (tally = { blocks: 0, used: 0, borrowed: 0, pools: new Map() }));
    return tally;
  }

  /** Equal states have equal maps: what is all zero is not kept. */
  private forget(id: number, pool: string | null): void {
    const tally = this.nodes.get(id);
    const share = tally?.pools.get(pool);
    if (!tally || !share || share.blocks !== 0 || share.used !== 0) return;
    tally.pools.delete(pool);
    if (tally.pools.size === 0) this.nodes.delete(id);
  }
}

/** In both by nobody, or by the same node and namespace for the same purpose, as far as that is summed up here. */
function isUsedAlike(before: PackedBlock, after: PackedBlock, ordinal: number): boolean {
  const one = before.slot(ordinal);
  const other = after.slot(ordinal);
  if (one < 0 || other < 0) return one < 0 && other < 0;
  return (
    before.namespaceId(one) === after.namespaceId(other) &&
    before.nodeId(one) === after.nodeId(other) &&
    before.isTunnel(one) === after.isTunnel(other)
  );
}

function shareOf({ pools }: NodeTally, pool: string | null): NodeShare {
  let share = pools.get(pool);
  if (!share) pools.set(pool, (share = { blocks: 0, capacity: 0, used: 0, borrowed: 0 }));
  return share;
}

function emptyTally(): PoolTally {
  return {
    blocks: new Set(),
    inUse: 0,
    free: 0,
    reserved: 0,
    cooling: 0,
    borrowed: 0,
    byKind: { pod: 0, tunnel: 0, loadBalancer: 0, vm: 0, windows: 0, other: 0 },
    tunnelNodes: new Map(),
    blocksWithFree: 0,
    ownerless: 0,
    empty: 0,
    held: new Map(),
    holdersRevision: 0,
  };
}

/** Adds to a count and forgets it at zero, so that equal states have equal maps. */
function bump<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
