import type { AllocationKind } from "../ipam/attribute-kind.ts";
import type { BlockRow } from "./block-row.ts";
import type { Interner } from "./interner.ts";

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
 * What blocks add up to, per pool, namespace and node. Work is per changed block: the old one is taken away and the new
 * one added, nothing is summed up again.
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
    const tally = this.pool(block.pool);
    tally.blocks.add(block);
    this.move(block, 1);
  }

  take(block: BlockRow): void {
    const tally = this.pool(block.pool);
    tally.blocks.delete(block);
    this.move(block, -1);
  }

  /** A newer state of the same block, with the same CIDR and pool. */
  replace(before: BlockRow, after: BlockRow): void {
    const { blocks } = this.pool(after.pool);
    blocks.delete(before);
    blocks.add(after);
    this.move(before, -1);
    this.move(after, 1);
  }

  private move(block: BlockRow, sign: 1 | -1): void {
    const tally = this.pool(block.pool);
    const { counts, content } = block;
    tally.inUse += sign * counts.inUse;
    tally.free += sign * counts.free;
    tally.reserved += sign * counts.reserved;
    tally.cooling += sign * counts.cooling;
    tally.borrowed += sign * counts.lent;
    for (const kind of kinds) tally.byKind[kind] += sign * counts.byKind[kind];

    const owner = this.interner.id(block.owner?.name ?? null);
    const ofNode = block.owner?.type === "host";
    if (ofNode) this.moveOwner(block, owner, sign);
    for (let ordinal = 0; ordinal < content.size; ordinal++) {
      const index = content.slot(ordinal);
      if (index < 0) continue;
      this.moveAddress(block, index, owner, sign);
    }
    if (ofNode) this.forget(owner, block.pool);
  }

  private moveOwner({ pool, counts }: BlockRow, owner: number, sign: 1 | -1): void {
    const tally = this.node(owner);
    const share = shareOf(tally, pool);
    tally.blocks += sign;
    share.blocks += sign;
    share.capacity += sign * counts.capacity;
  }

  private moveAddress(block: BlockRow, index: number, owner: number, sign: 1 | -1): void {
    const { content, pool } = block;
    const node = content.nodeId(index);
    if (node !== 0) {
      const tally = this.node(node);
      const share = shareOf(tally, pool);
      tally.used += sign;
      share.used += sign;
      if (node !== owner) {
        tally.borrowed += sign;
        share.borrowed += sign;
      }
      if (content.kind(index) === "tunnel") bump(this.pool(pool).tunnelNodes, node, sign);
      this.forget(node, pool);
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
  };
}

/** Adds to a count and forgets it at zero, so that equal states have equal maps. */
function bump<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
