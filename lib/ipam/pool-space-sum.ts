import type { BlockGrid } from "./host-order.ts";
import { blockSlots } from "./block-map.ts";
import { type Cidr, cidrContainsCidr, cidrSize } from "./cidr.ts";
import type { CidrSet } from "./cidr-set.ts";
import { type PoolSpace, poolSpace } from "./pool-space.ts";

/** A block as the sum needs it. Objects are told apart by identity. */
export interface CountedBlock {
  readonly cidr: Cidr;
  readonly counts: {
    /** Addresses that are reserved; 0 … capacity. */
    readonly reserved: number;
    /** Addresses of the CIDR. */
    readonly capacity: number;
  };
}

/**
 * `poolSpace`, kept by adding and taking away blocks: a block that fills one slot of the pool alone is a subtraction. Only
 * blocks of another size, doubles, and whatever they overlap are reckoned as sets, so one change costs as much in a pool of
 * twenty thousand blocks as in one of two.
 */
export class PoolSpaceSum<Block extends CountedBlock> {
  readonly pool: BlockGrid;
  private readonly slotSize: bigint;
  /** Blocks of the pool's size by their first address; of doubles the first that came. */
  private readonly plain = new Map<bigint, Block>();
  private readonly odd = new Set<Block>();
  private reserved = 0;
  private wholly = 0;
  private bare: { readonly reservations: CidrSet; readonly space: PoolSpace } | null = null;

  constructor(pool: BlockGrid) {
    this.pool = pool;
    this.slotSize = cidrSize({ ...pool.cidr, prefix: pool.blockSize });
  }

  add(block: Block): void {
    const { cidr } = block;
    if (!this.isPlain(cidr) || this.plain.has(cidr.base)) {
      this.odd.add(block);
      return;
    }
    this.plain.set(cidr.base, block);
    this.move(block, 1);
  }

  /** Takes away a block that was added, the same object. */
  take(block: Block): void {
    if (this.odd.delete(block)) return;
    if (this.plain.get(block.cidr.base) !== block) return;
    this.plain.delete(block.cidr.base);
    this.move(block, -1);
  }

  /** `reservations`: those by which the blocks' addresses were counted as reserved. */
  space(reservations: CidrSet): PoolSpace {
    const near = this.nearOdd();
    const sets = [...near, ...this.odd].map(({ cidr }) => cidr);
    const space = sets.length === 0 ? this.bareSpace(reservations) : poolSpace(this.pool, sets, reservations);
    const count = BigInt(this.plain.size - near.size);
    const reserved = BigInt(this.reserved - sumOf(near, ({ counts }) => counts.reserved));
    const wholly = BigInt(this.wholly - sumOf(near, wholeOf));
    return {
      ...space,
      freeOutsideBlocks: space.freeOutsideBlocks - count * this.slotSize + reserved,
      blocksLeft: space.blocksLeft - count + wholly,
    };
  }

  private bareSpace(reservations: CidrSet): PoolSpace {
    if (this.bare?.reservations !== reservations)
      this.bare = { reservations, space: poolSpace(this.pool, [], reservations) };
    return this.bare.space;
  }

  private isPlain(cidr: Cidr): boolean {
    return cidr.prefix === this.pool.blockSize && cidrContainsCidr(this.pool.cidr, cidr);
  }

  private move(block: Block, sign: 1 | -1): void {
    this.reserved += sign * block.counts.reserved;
    this.wholly += sign * wholeOf(block);
  }

  /** Plain blocks in slots that an odd one touches. */
  private nearOdd(): ReadonlySet<Block> {
    const near = new Set<Block>();
    for (const { cidr } of this.odd) {
      const slots = blockSlots(this.pool, cidr);
      if (!slots) continue;
      // One that reaches out of the pool touches every slot, of which there may be more than blocks.
      if (slots.count > BigInt(this.plain.size)) return new Set(this.plain.values());
      for (let slot = slots.first; slot < slots.first + slots.count; slot++) {
        const found = this.plain.get(this.pool.cidr.base + slot * this.slotSize);
        if (found) near.add(found);
      }
    }
    return near;
  }
}

function wholeOf({ counts }: CountedBlock): number {
  return counts.reserved === counts.capacity ? 1 : 0;
}

function sumOf<Item>(items: Iterable<Item>, count: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += count(item);
  return sum;
}
