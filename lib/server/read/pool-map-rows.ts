import { mostDenseSlots } from "../../contract/pool-map.ts";
import { familyBits } from "../../ipam/address.ts";
import type { AddressRange } from "../../ipam/cidr-set.ts";
import { type BlockGrid, blocksInPool } from "../../ipam/host-order.ts";

/** Which row of a pool's map stands for which slot: every slot has one, or in very large pools those that blocks touch. */
export class PoolMapRows {
  readonly length: number;
  /** Slot of each row, ascending; null when they are the same. */
  readonly slots: readonly bigint[] | null;
  private readonly base: bigint;
  private readonly slotBits: bigint;
  private readonly rowOfSlot: ReadonlyMap<bigint, number> | null;

  /** `touched`: slots that blocks touch, in any order and as often as they like. */
  constructor(pool: BlockGrid, touched: () => Iterable<bigint>) {
    const possible = blocksInPool(pool);
    this.base = pool.cidr.base;
    this.slotBits = BigInt(familyBits(pool.cidr.family) - pool.blockSize);
    if (possible <= mostDenseSlots) {
      this.length = Number(possible);
      this.slots = null;
      this.rowOfSlot = null;
      return;
    }
    this.slots = [...new Set(touched())].sort((one, other) => (one < other ? -1 : 1));
    this.length = this.slots.length;
    this.rowOfSlot = new Map(Array.from(this.slots, (slot, row) => [slot, row]));
  }

  /** Null: the slot has none. */
  rowOf(slot: bigint): number | null {
    if (this.rowOfSlot) return this.rowOfSlot.get(slot) ?? null;
    const row = Number(slot);
    return row < this.length ? row : null;
  }

  /** Each row a reserved range of the pool touches, and whether it covers it wholly. */
  reserved({ first, last }: AddressRange, visit: (row: number, whole: boolean) => void): void {
    const [from, to] = [(first - this.base) >> this.slotBits, (last - this.base) >> this.slotBits];
    const isWhole = (slot: bigint) => {
      const start = this.base + (slot << this.slotBits);
      return first <= start && last >= start + (1n << this.slotBits) - 1n;
    };
    // Only at its ends can a range cover a slot in part.
    const [isFromWhole, isToWhole] = [isWhole(from), isWhole(to)];
    if (this.slots) {
      this.slots.forEach((slot, row) => {
        if (slot < from || slot > to) return;
        visit(row, slot === from ? isFromWhole : slot === to ? isToWhole : true);
      });
      return;
    }
    const [start, end] = [Number(from), Number(to)];
    for (let row = start; row <= end && row < this.length; row++)
      visit(row, row === start ? isFromWhole : row === end ? isToWhole : true);
  }
}
