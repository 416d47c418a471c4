import { familyBits } from "./address.ts";
import { type Cidr, cidrContainsCidr, cidrsOverlap, firstAddress } from "./cidr.ts";
import { blockIndex, type BlockGrid, blocksInPool } from "./host-order.ts";

/** The slots of a pool's grid that a block touches: one for a block of the pool's size, several for a larger one. */
export interface BlockSlots {
  /** Counted from the pool's base. */
  readonly first: bigint;
  readonly count: bigint;
}

/**
 * Where a block sits in a pool. A smaller block (left from a pool of another block size) shares its slot with others;
 * one that reaches out of the pool is clipped. Null: it lies outside.
 */
export function blockSlots(pool: BlockGrid, block: Cidr): BlockSlots | null {
  if (!cidrsOverlap(pool.cidr, block)) return null;
  if (!cidrContainsCidr(pool.cidr, block)) return { first: 0n, count: blocksInPool(pool) };
  const first = blockIndex(pool, firstAddress(block));
  const slotBits = familyBits(block.family) - pool.blockSize;
  const blockBits = familyBits(block.family) - block.prefix;
  return { first, count: blockBits > slotBits ? 1n << BigInt(blockBits - slotBits) : 1n };
}
