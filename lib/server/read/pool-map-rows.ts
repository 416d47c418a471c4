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
    this.slots = ascending([...new Set(touched())]);
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
      for (let row = firstFrom(this.slots, from); row < this.length; row++) {
        const slot = this.slots[row] ?? to;
        if (slot > to) return;
        visit(row, slot === from ? isFromWhole : slot === to ? isToWhole : true);
      }
      return;
    }
    const [start, end] = [Number(from), Number(to)];
    for (let row = start; row <= end && row < this.length; row++)
      visit(row, row === start ? isFromWhole : row === end ? isToWhole : true);
  }
}

/** Words of 64 bits are sorted without a call for each pair, which of 100,000 slots takes a tenth. */
function ascending(slots: bigint[]): readonly bigint[] {
  if (slots.every((slot) => BigInt.asUintN(64, slot) === slot)) return [...BigUint64Array.from(slots).sort()];
  return slots.sort((one, other) => (one < other ? -1 : 1));
}

/** Index of the first slot that is not below `least`; all are when it is their number. */
function firstFrom(slots: readonly bigint[], least: bigint): number {
  let [from, to] = [0, slots.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((slots[middle] ?? least) < least) from = middle + 1;
    else to = middle;
  }
  return from;
}
