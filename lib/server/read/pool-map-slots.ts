import { familyBits } from "../../ipam/address.ts";
import { blockSlots } from "../../ipam/block-map.ts";
import { cidrSize } from "../../ipam/cidr.ts";
import type { BlockGrid } from "../../ipam/host-order.ts";
import type { BlockRow } from "../../inventory/block-row.ts";

/** Each slot of the pool that the block touches, with the first and last ordinal of the block that lie in it. */
export function eachSlot(
  pool: BlockGrid,
  block: BlockRow,
  visit: (slot: bigint, first: number, last: number) => void,
): void {
  const place = blockSlots(pool, block.cidr);
  if (!place) return;
  const slotBits = BigInt(familyBits(pool.cidr.family) - pool.blockSize);
  const size = cidrSize(block.cidr);
  const end = size - 1n;
  // No block has more addresses than 4,096, but one that reaches out of the pool is clipped to the whole of it.
  const count = place.count < size ? place.count : size;
  for (let slot = place.first; slot < place.first + count; slot++) {
    const start = pool.cidr.base + (slot << slotBits) - block.cidr.base;
    const last = start + (1n << slotBits) - 1n;
    visit(slot, Number(start < 0n ? 0n : start), Number(last > end ? end : last));
  }
}
