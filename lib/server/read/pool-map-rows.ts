import { mostDenseSlots } from "../../contract/pool-map.ts";
import { familyBits } from "../../ipam/address.ts";
import { blockSlots } from "../../ipam/block-map.ts";
import { cidrSize } from "../../ipam/cidr.ts";
import type { AddressRange } from "../../ipam/cidr-set.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { BlockRow } from "../../inventory/block-row.ts";

/** Which row of a pool's map stands for which slot: every slot has one, or in very large pools those that blocks touch. */
export class PoolMapRows {
  readonly length: number;
  /** Slot of each row, ascending; null when they are the same. */
  readonly slots: BigUint64Array<ArrayBuffer> | null;
  private readonly pool: Pool;
  private readonly slotBits: bigint;
  private readonly poolSize: bigint;
  private readonly rowOfSlot: ReadonlyMap<bigint, number> | null;

  constructor(pool: Pool, possible: bigint, blocks: readonly BlockRow[]) {
    this.pool = pool;
    this.slotBits = BigInt(familyBits(pool.cidr.family) - pool.blockSize);
    this.poolSize = cidrSize(pool.cidr);
    if (possible <= mostDenseSlots) {
      this.length = Number(possible);
      this.slots = null;
      this.rowOfSlot = null;
      return;
    }
    const touched = new Set<bigint>();
    for (const block of blocks) for (const slot of this.slotsOf(block)) touched.add(slot);
    this.slots = BigUint64Array.from([...touched].sort((one, other) => (one < other ? -1 : 1)));
    this.length = this.slots.length;
    this.rowOfSlot = new Map(Array.from(this.slots, (slot, row) => [slot, row]));
  }

  /** Each row the block touches, with the first and last ordinal of the block that lie in it. */
  each(block: BlockRow, visit: (row: number, first: number, last: number) => void): void {
    const { base } = block.cidr;
    const only = this.slotOf(block);
    if (only !== null) {
      const row = this.rowOf(only);
      if (row !== null) visit(row, 0, block.content.size - 1);
      return;
    }
    const end = cidrSize(block.cidr) - 1n;
    for (const slot of this.slotsOf(block)) {
      const row = this.rowOf(slot);
      if (row === null) continue;
      const start = this.pool.cidr.base + (slot << this.slotBits) - base;
      const last = start + (1n << this.slotBits) - 1n;
      visit(row, Number(start < 0n ? 0n : start), Number(last > end ? end : last));
    }
  }

  /** Each row a reserved range of the pool touches, and whether it covers it wholly. */
  reserved(range: AddressRange, visit: (row: number, whole: boolean) => void): void {
    const { base } = this.pool.cidr;
    const isWhole = (slot: bigint) => {
      const first = base + (slot << this.slotBits);
      return range.first <= first && range.last >= first + (1n << this.slotBits) - 1n;
    };
    const [from, to] = [(range.first - base) >> this.slotBits, (range.last - base) >> this.slotBits];
    if (this.slots) {
      this.slots.forEach((slot, row) => {
        if (slot >= from && slot <= to) visit(row, isWhole(slot));
      });
      return;
    }
    for (let slot = from; slot <= to && slot < BigInt(this.length); slot++)
      visit(Number(slot), isWhole(slot));
  }

  /** The slot that the block fills: nearly always there is one, and maps have many blocks. Null: look closer. */
  private slotOf({ cidr, content }: BlockRow): bigint | null {
    const { cidr: pool, blockSize } = this.pool;
    const slotSize = 1 << Number(this.slotBits);
    if (cidr.prefix !== blockSize || cidr.family !== pool.family || content.size !== slotSize) return null;
    const offset = cidr.base - pool.base;
    return offset >= 0n && offset < this.poolSize ? offset >> this.slotBits : null;
  }

  private *slotsOf(block: BlockRow): Iterable<bigint> {
    const place = blockSlots(this.pool, block.cidr);
    if (!place) return;
    // No block has more addresses than 4,096, but one that reaches out of the pool is clipped to the whole of it.
    const count = place.count < cidrSize(block.cidr) ? place.count : cidrSize(block.cidr);
    for (let index = 0n; index < count; index++) yield place.first + index;
  }

  private rowOf(slot: bigint): number | null {
    if (this.rowOfSlot) return this.rowOfSlot.get(slot) ?? null;
    return slot < BigInt(this.length) ? Number(slot) : null;
  }
}
