import { poolMapFlags } from "../../contract/pool-map.ts";
import { sameCidr } from "../../ipam/cidr.ts";
import type { BlockGrid } from "../../ipam/host-order.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import type { Row } from "../../inventory/table.ts";
import { borrowersOf, claimedSeconds, inUseBetween, lentBetween } from "./pool-map-block.ts";
import { isSuspect, judgeLeaks } from "./pool-map-leaks.ts";
import { type NamespaceTally, namespaceTally } from "./pool-map-namespaces.ts";
import { eachSlot } from "./pool-map-slots.ts";

/** What a block gives to the map of its pool. */
export interface BlockShare {
  /** `poolMapFlags` of the whole block. */
  readonly mark: number;
  /** The node that owns it; null: nobody does, or no node. */
  readonly owner: string | null;
  /** The same, interned; 0: null. */
  readonly ownerId: number;
  /** Nodes, interned, that use addresses of it without owning it; one entry an address. */
  readonly borrowers: readonly number[];
  /** Seconds since 1970; 0: nobody knows. */
  readonly claimed: number;
  /** One a slot that it touches. */
  readonly parts: readonly SharePart[];
}

interface SharePart {
  readonly slot: bigint;
  readonly used: number;
  readonly lent: number;
  /** `poolMapFlags.leak`, or 0. */
  readonly leak: number;
  readonly namespaces: NamespaceTally;
}

/** With what has to be looked at before it is used again. */
interface KeptShare {
  readonly share: BlockShare;
  readonly nodes: readonly Row[];
  /** Ordinals of leak candidates, one a part that has any. */
  readonly suspects: readonly number[];
}

/** The shares of one pool's blocks, each reckoned again only when the block, its claim, or who uses its addresses changed. */
export class PoolShares {
  readonly pool: BlockGrid;
  private readonly inventory: Inventory;
  private readonly kept = new WeakMap<BlockRow, KeptShare>();
  private isPrepared = false;

  constructor(inventory: Inventory, pool: BlockGrid) {
    this.inventory = inventory;
    this.pool = pool;
  }

  of(block: BlockRow): BlockShare {
    const known = this.kept.get(block);
    if (known && this.holds(block, known)) return known.share;
    return this.make(block);
  }

  forget(block: BlockRow): void {
    this.kept.delete(block);
  }

  /** The first time it reckons all shares of them, and lets others have their turn after each step. */
  async prepare(blocks: Iterable<BlockRow>, rest: () => Promise<void>): Promise<void> {
    if (this.isPrepared) return;
    let began = performance.now();
    for (const block of blocks) {
      if (this.kept.has(block)) continue;
      this.make(block);
      if (performance.now() - began < stepMs) continue;
      await rest();
      began = performance.now();
    }
    this.isPrepared = true;
  }

  private holds(block: BlockRow, { nodes, suspects }: KeptShare): boolean {
    for (const node of nodes) if (node.gone) return false;
    for (const ordinal of suspects) if (!isSuspect(this.inventory, block, ordinal)) return false;
    return true;
  }

  private make(block: BlockRow): BlockShare {
    const { inventory } = this;
    const parts: SharePart[] = [];
    const nodes: Row[] = [];
    const suspects: number[] = [];
    let isSettled = true;
    eachSlot(this.pool, block, (slot, first, last) => {
      const leaks = judgeLeaks(inventory, block, first, last);
      isSettled &&= leaks.isSettled;
      nodes.push(...leaks.nodes);
      if (leaks.suspect !== null) suspects.push(leaks.suspect);
      parts.push({
        slot,
        used: inUseBetween(block, first, last),
        lent: lentBetween(block, inventory.interner, first, last),
        leak: leaks.suspect === null ? 0 : poolMapFlags.leak,
        namespaces: namespaceTally(block, first, last),
      });
    });
    const owner = block.owner?.type === "host" ? block.owner.name : null;
    const share = {
      mark: markOf(inventory, this.pool, block),
      owner,
      ownerId: inventory.interner.id(owner),
      borrowers: borrowersOf(block, inventory.interner),
      claimed: claimedSeconds(block),
      parts,
    };
    if (isSettled) this.kept.set(block, { share, nodes, suspects });
    else this.kept.delete(block);
    return share;
  }
}

/** So long nothing else is answered, in milliseconds. */
const stepMs = 10;

interface Memory {
  /** Which of the kinds that shares are made of can be read. */
  known: string;
  readonly pools: Map<string, PoolShares>;
}

const memories = new WeakMap<Inventory, Memory>();

/** The shares of the pool, kept for as long as it has this shape and the same kinds can be read. */
export function sharesOf(inventory: Inventory, { name, pool }: PoolRow): PoolShares {
  const memory = memories.get(inventory) ?? startMemory(inventory);
  const known = (["affinities", "pods", "nodes"] as const)
    .filter((kind) => inventory.states.knows(kind))
    .join();
  if (memory.known !== known) memory.pools.clear();
  memory.known = known;
  let shares = memory.pools.get(name);
  if (!shares || !sameCidr(shares.pool.cidr, pool.cidr) || shares.pool.blockSize !== pool.blockSize)
    memory.pools.set(name, (shares = new PoolShares(inventory, pool)));
  return shares;
}

function startMemory(inventory: Inventory): Memory {
  const memory: Memory = { known: "", pools: new Map() };
  memories.set(inventory, memory);
  inventory.space.watchers.add((block) => {
    if (block.pool !== null) memory.pools.get(block.pool)?.forget(block);
  });
  return memory;
}

function markOf({ space, states }: Inventory, { blockSize }: BlockGrid, block: BlockRow): number {
  const { owner, counts, oddities, cidr } = block;
  const claim = owner && states.knows("affinities") ? space.claim(owner, cidr) : "confirmed";
  return (
    (owner ? 0 : poolMapFlags.noOwner) |
    (counts.lent > 0 ? poolMapFlags.lends : 0) |
    (counts.cooling > 0 ? poolMapFlags.cooling : 0) |
    (claim === "confirmed" ? 0 : poolMapFlags.unsettled) |
    (oddities.length > 0 || cidr.prefix !== blockSize ? poolMapFlags.odd : 0)
  );
}
