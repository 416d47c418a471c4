import type { BlockCounts } from "../ipam/block-count.ts";
import { reservedOrdinals } from "../ipam/block-ops.ts";
import type { Cidr } from "../ipam/cidr.ts";
import type { CidrSet } from "../ipam/cidr-set.ts";
import type { PackedBlock } from "./packed-block.ts";

/**
 * `countBlock` of a packed block: what its addresses say is counted once and stands in the block, what the reservations say
 * stands here. As objects the counts of a block are larger than six of its addresses.
 */
export class BlockTotals implements BlockCounts {
  readonly reserved: number;
  readonly reservedInUse: number;
  private readonly content: PackedBlock;

  constructor(content: PackedBlock, reserved: number, reservedInUse: number) {
    this.content = content;
    this.reserved = reserved;
    this.reservedInUse = reservedInUse;
  }

  get capacity(): number {
    return this.content.size;
  }

  get inUse(): number {
    return this.content.size - this.content.queueLength;
  }

  get free(): number {
    return this.content.queueLength - (this.reserved - this.reservedInUse);
  }

  get cooling(): number {
    return this.content.cooling;
  }

  get lent(): number {
    return this.content.lent;
  }

  get byKind(): BlockCounts["byKind"] {
    return this.content.byKind();
  }
}

/** The block's counts under these reservations. */
export function countUnder(cidr: Cidr, content: PackedBlock, reservations: CidrSet): BlockTotals {
  const isReserved = reservedOrdinals(cidr, reservations);
  if (!isReserved) return new BlockTotals(content, 0, 0);
  let reserved = 0;
  for (let ordinal = 0; ordinal < content.size; ordinal++) if (isReserved(ordinal)) reserved += 1;
  return new BlockTotals(content, reserved, reserved - content.queue().filter(isReserved).length);
}
