import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { GapSegment } from "./address-segments.ts";
import { BlockStates } from "./block-addresses.ts";

/**
 * The first ordinals of a block's rows, one character each: a string of them is a fifth of a typed array, and one is kept for
 * every block and question.
 */
export type Starts = string;

/** A block or a gap, and the rows of it that a list shows; a gap is one row. */
export interface Stretch {
  readonly segment: BlockRow | GapSegment;
  readonly starts: Starts;
}

/** One row by its place. Only the rows of a page become addresses. */
export interface Place {
  readonly segment: BlockRow | GapSegment;
  readonly start: number;
}

export function isGap(segment: BlockRow | GapSegment): segment is GapSegment {
  return "kind" in segment;
}

const startsOfBlocks = new WeakMap<BlockRow, Starts>();

/** All rows of a block, kept for as long as the block does not change. */
export function rowStartsOf(inventory: Inventory, block: BlockRow): Starts {
  const known = startsOfBlocks.get(block);
  if (known !== undefined) return known;
  const starts = String.fromCharCode(...new BlockStates(inventory, block).rowStarts());
  startsOfBlocks.set(block, starts);
  return starts;
}

/** The rows of some stretches, numbered in address order, and handed out in an order of their own where they have one. */
export class AddressRows {
  readonly stretches: readonly Stretch[];
  readonly length: number;
  /** Row numbers; null: as they are. */
  readonly order: Uint32Array | null;
  private readonly isBackwards: boolean;
  /** Number of the first row by stretch. */
  readonly firsts: Uint32Array;

  /** `order`: row numbers; null: as they are. */
  constructor(stretches: readonly Stretch[], order: Uint32Array | null = null, isBackwards = false) {
    this.stretches = stretches;
    this.order = order;
    this.isBackwards = isBackwards;
    this.firsts = new Uint32Array(stretches.length);
    let count = 0;
    for (let at = 0; at < stretches.length; at++) {
      this.firsts[at] = count;
      count += stretches[at]?.starts.length ?? 0;
    }
    this.length = count;
  }

  /** The same rows in another order. */
  inOrder(order: Uint32Array): AddressRows {
    return new AddressRows(this.stretches, order);
  }

  backwards(): AddressRows {
    return new AddressRows(this.stretches, null, true);
  }

  slice(start: number, end: number): Place[] {
    const places: Place[] = [];
    for (let at = start; at < Math.min(end, this.length); at++) {
      const row = this.isBackwards ? this.length - 1 - at : (this.order?.[at] ?? at);
      const place = this.place(row);
      if (place) places.push(place);
    }
    return places;
  }

  place(row: number): Place | null {
    let low = 0;
    let high = this.stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.firsts[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const stretch = this.stretches[low];
    if (!stretch) return null;
    return { segment: stretch.segment, start: stretch.starts.charCodeAt(row - (this.firsts[low] ?? 0)) };
  }
}
