import type { Family } from "./address.ts";
import { familyBits } from "./address.ts";

/** What a block size is judged by. */
export interface BlockQuestion {
  readonly family: Family;
  /** Prefix length of the pool. */
  readonly prefix: number;
  /** Prefix length of a block. */
  readonly blockSize: number;
  /** Nodes that may claim blocks; null: unknown. */
  readonly nodes: number | null;
  /** Addresses that the busiest node uses; null: unknown. */
  readonly perNode: number | null;
  /** Blocks that one node may hold. */
  readonly blockLimit: number;
}

/** What follows from a block size. */
export interface BlockAdvice {
  /** Addresses of a block: what a node with a single pod holds. */
  readonly perBlock: bigint;
  /** Blocks of the pool: that many nodes can hold one. */
  readonly blocks: bigint;
  /** Blocks for the busiest node; null: unknown. */
  readonly busiest: bigint | null;
  /** Nodes that get no block, at one block each; 0n when there are enough, null: unknown. */
  readonly without: bigint | null;
  /** The most addresses that a node can have of it by itself. */
  readonly mostPerNode: bigint;
  /** Another block size that serves every node at least as well as the busiest needs; null: this one does, or none does. */
  readonly better: number | null;
}

const defaultSize = { 4: 26, 6: 122 } as const;
/** Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go */
const sizes = { 4: { least: 20, most: 32 }, 6: { least: 116, most: 128 } } as const;

/** What a block size means for a pool, or null where the pool is smaller than a block. */
export function blockAdvice(question: BlockQuestion): BlockAdvice | null {
  const { family, prefix, blockSize, nodes, perNode, blockLimit } = question;
  if (blockSize < prefix || blockSize > familyBits(family)) return null;
  const perBlock = addressesOf(family, blockSize);
  const blocks = blocksOf(prefix, blockSize);
  const room = BigInt(blockLimit) < blocks ? BigInt(blockLimit) : blocks;
  return {
    perBlock,
    blocks,
    busiest: perNode === null ? null : blocksFor(perNode, perBlock),
    without: nodes === null ? null : BigInt(nodes) > blocks ? BigInt(nodes) - blocks : 0n,
    mostPerNode: room * perBlock,
    better: serves(question, blockSize) ? null : bestSize(question),
  };
}

const addressesOf = (family: Family, blockSize: number) => 1n << BigInt(familyBits(family) - blockSize);
const blocksOf = (prefix: number, blockSize: number) => 1n << BigInt(blockSize - prefix);

function blocksFor(addresses: number, perBlock: bigint): bigint {
  const needed = (BigInt(addresses) + perBlock - 1n) / perBlock;
  return needed > 0n ? needed : 1n;
}

/** Whether every node can be as busy as the busiest, with blocks of that size. */
function serves({ family, prefix, nodes, perNode, blockLimit }: BlockQuestion, blockSize: number): boolean {
  if (nodes === null) return true;
  const each = blocksFor(perNode ?? 1, addressesOf(family, blockSize));
  return each <= BigInt(blockLimit) && BigInt(nodes) * each <= blocksOf(prefix, blockSize);
}

/** Calico's default where that will do, else the largest blocks that will: larger ones mean fewer routes. */
function bestSize(question: BlockQuestion): number | null {
  const { family, prefix } = question;
  const { least, most } = sizes[family];
  const first = Math.max(least, prefix);
  const all = Array.from({ length: Math.max(0, most - first + 1) }, (_unused, index) => first + index);
  const usual = defaultSize[family];
  return [...(usual >= first ? [usual] : []), ...all].find((size) => serves(question, size)) ?? null;
}
