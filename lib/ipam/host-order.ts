import { type Address, familyBits } from "./address.ts";
import { type Cidr, cidrAround, cidrSize } from "./cidr.ts";
import { GoRand } from "./go-rand.ts";
import type { Nanoseconds } from "./go-time.ts";

/** What of a pool decides the order of its blocks. */
export interface BlockGrid {
  readonly cidr: Cidr;
  /** Prefix length of a block. */
  readonly blockSize: number;
}

/** Number of blocks a pool divides into; 0 when a block is larger than the pool. */
export function blocksInPool({ cidr, blockSize }: BlockGrid): bigint {
  return cidrSize(cidr) >> BigInt(familyBits(cidr.family) - blockSize);
}

/** The block at an index of the pool, counted from its base. */
export function blockAt({ cidr, blockSize }: BlockGrid, index: bigint): Cidr {
  const step = BigInt(familyBits(cidr.family) - blockSize);
  return { family: cidr.family, base: cidr.base + (index << step), prefix: blockSize };
}

/** Index of the block of the pool's size that holds the address; the address must lie in the pool. */
export function blockIndex({ cidr, blockSize }: BlockGrid, address: Address): bigint {
  return (address.value - cidr.base) >> BigInt(familyBits(cidr.family) - blockSize);
}

/** The block of the pool's size around an address. Source: libcalico-go/lib/ipam/ipam_block.go getBlockCIDRForAddress */
export function blockAround(grid: BlockGrid, address: Address): Cidr {
  return cidrAround(address, grid.blockSize);
}

const starts = new Map<string, bigint>();
const MAX_STARTS = 50_000;

/**
 * Index of the block a host tries first in a pool of so many blocks: the same for ever, in every pool of that size.
 * `blocks` is at least 1.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block_reader_writer.go determineSeed, randomBlockGenerator
 */
export function startIndex(host: string, blocks: bigint): bigint {
  const key = `${blocks} ${host}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const start = new GoRand(BigInt(fnv1(host))).below(blocks);
  if (starts.size >= MAX_STARTS) starts.clear();
  starts.set(key, start);
  return start;
}

/**
 * Where a host starts in a pool. Pools whose blocks are single addresses start anywhere: there Calico seeds with the clock.
 */
export function hostStart(grid: BlockGrid, host: string, now: Nanoseconds): bigint {
  const blocks = blocksInPool(grid);
  if (blocks === 0n) return 0n;
  return grid.blockSize === familyBits(grid.cidr.family)
    ? new GoRand(now).below(blocks)
    : startIndex(host, blocks);
}

/** Every block of a pool once, in the order in which a host tries them. A pool of IPv6 has up to 2^108 of them: stop early. */
export function* hostOrder(grid: BlockGrid, host: string, now: Nanoseconds): Generator<Cidr, void> {
  const blocks = blocksInPool(grid);
  const start = hostStart(grid, host, now);
  for (let step = 0n; step < blocks; step++) yield blockAt(grid, (start + step) % blocks);
}

const utf8 = new TextEncoder();

/** FNV-1 (multiply, then xor), 32 bits, of the UTF-8 bytes. */
export function fnv1(text: string): number {
  let hash = 2_166_136_261;
  for (const byte of utf8.encode(text)) hash = (Math.imul(hash, 16_777_619) ^ byte) >>> 0;
  return hash;
}
