import { cidrAround, cidrSize, type Cidr, firstAddress } from "./cidr.ts";
import { familyBits } from "./address.ts";
import { type AddressRange, cidrSet, type CidrSet, intersectionSize, rangesWithin } from "./cidr-set.ts";

/** What there is in a pool outside its blocks, and how many blocks can still be claimed. */
export interface PoolSpace {
  /** Addresses of the CIDR. */
  readonly capacity: bigint;
  /** Reserved addresses of the CIDR, inside blocks or not. */
  readonly reserved: bigint;
  /** Addresses that no block and no reservation covers. */
  readonly freeOutsideBlocks: bigint;
  /** Blocks that the CIDR divides into. */
  readonly possibleBlocks: bigint;
  /** Of those, touched by no block and not wholly reserved. */
  readonly blocksLeft: bigint;
}

/**
 * Set arithmetic, so that odd blocks (of another size than the pool's, overlapping, reaching out of it) count once.
 * `blocks` are those that the pool is charged with. Source of the first three figures:
 * projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go GetUtilization; of the last: findUsableBlock in
 * ipam_block_reader_writer.go, which skips wholly reserved CIDRs and those that have a block.
 */
export function poolSpace(
  pool: { cidr: Cidr; blockSize: number },
  blocks: Iterable<Cidr>,
  reservations: CidrSet,
): PoolSpace {
  const { cidr, blockSize } = pool;
  const claimed = [...blocks];
  const capacity = cidrSize(cidr);
  const slotBits = BigInt(familyBits(cidr.family) - blockSize);

  const reservedRanges = rangesWithin(reservations, cidr);
  const reserved = sizeOf(reservedRanges);
  const claimedSet = cidrSet(claimed);
  const inBlocks = intersectionSize(claimedSet, cidr);
  const reservedInBlocks = rangesWithin(claimedSet, cidr).reduce(
    (sum, range) => sum + sizeOf(clip(reservedRanges, range)),
    0n,
  );

  const slots = cidrSet(
    claimed.map((block) => (block.prefix > blockSize ? cidrAround(firstAddress(block), blockSize) : block)),
  );
  const claimedRanges = rangesWithin(slots, cidr);
  const claimedSlots = sizeOf(claimedRanges) >> slotBits;
  const reservedSlots = wholeSlots(reservedRanges, slotBits);
  const both = claimedRanges.reduce(
    (sum, range) => sum + wholeSlots(clip(reservedRanges, range), slotBits),
    0n,
  );

  const possibleBlocks = capacity >> slotBits;
  return {
    capacity,
    reserved,
    freeOutsideBlocks: capacity - inBlocks - reserved + reservedInBlocks,
    possibleBlocks,
    blocksLeft: possibleBlocks - claimedSlots - reservedSlots + both,
  };
}

function sizeOf(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, range) => sum + range.last - range.first + 1n, 0n);
}

/** The parts of the ranges inside `within`. */
function clip(ranges: readonly AddressRange[], within: AddressRange): AddressRange[] {
  return ranges
    .filter((range) => range.last >= within.first && range.first <= within.last)
    .map((range) => ({
      first: range.first < within.first ? within.first : range.first,
      last: range.last > within.last ? within.last : range.last,
    }));
}

/** Aligned slots of 2^bits addresses that lie wholly inside one of the ranges. */
function wholeSlots(ranges: readonly AddressRange[], bits: bigint): bigint {
  const size = 1n << bits;
  return ranges.reduce((sum, range) => {
    const first = (range.first + size - 1n) >> bits;
    const end = (range.last + 1n) >> bits;
    return end > first ? sum + end - first : sum;
  }, 0n);
}
