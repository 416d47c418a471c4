import { formatAddress } from "../../ipam/address.ts";
import { addressAt } from "../../ipam/cidr.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Interner } from "../../inventory/interner.ts";
import type { GapSegment } from "./address-segments.ts";
import { mayNameAddress, textFilter } from "./list-query.ts";

/** Which rows of the address table have a free text in one of theirs: address, block, pool, and the holder's names. */
export interface AddressText {
  /** A test for the rows of one block, each by its first ordinal and the allocation that holds that (-1: none). */
  ofBlock(block: BlockRow): (ordinal: number, index: number) => boolean;
  ofGap(gap: GapSegment): boolean;
}

/**
 * Null when there is nothing to look for. Each word is looked for in a namespace or node once, however many addresses it has,
 * and in all names of a block at once: 160,000 rows take a fifth of the time of making their texts.
 */
export function addressText(interner: Interner, q: string | undefined): AddressText | null {
  const matchesGap = textFilter(q);
  if (matchesGap === null) return null;
  const words = (q ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => new Word(interner, word));
  return {
    ofBlock(block) {
      const tests = words.map((word) => word.ofBlock(block));
      return (ordinal, index) => {
        for (const test of tests) if (!test(ordinal, index)) return false;
        return true;
      };
    },
    ofGap: (gap) => matchesGap(gap.row.ip, gap.pool),
  };
}

class Word {
  private readonly interner: Interner;
  private readonly word: string;
  private readonly utf8: string;
  private readonly mayBeAddress: boolean;
  /** By interned id: 1 it has the word, 2 it has not. */
  private seen = new Uint8Array(0);

  constructor(interner: Interner, word: string) {
    this.interner = interner;
    this.word = word;
    this.utf8 = Buffer.from(word).toString("latin1");
    this.mayBeAddress = mayNameAddress(word);
  }

  ofBlock({ content, cidr, text, pool }: BlockRow): (ordinal: number, index: number) => boolean {
    if (text.includes(this.word) || pool?.includes(this.word)) return always;
    const mayName = content.mayName(this.utf8);
    return (ordinal, index) => {
      if (index >= 0) {
        if (this.isIn(content.namespaceId(index)) || this.isIn(content.nodeId(index))) return true;
        if (mayName && content.nameHas(index, this.utf8)) return true;
      }
      return this.mayBeAddress && formatAddress(addressAt(cidr, ordinal)).includes(this.word);
    };
  }

  private isIn(id: number): boolean {
    if (id === 0) return false;
    const known = this.seen[id] ?? 0;
    if (known !== 0) return known === 1;
    const has = this.interner.text(id)?.includes(this.word) ?? false;
    if (id >= this.seen.length) {
      const larger = new Uint8Array(id * 2 + 64);
      larger.set(this.seen);
      this.seen = larger;
    }
    this.seen[id] = has ? 1 : 2;
    return has;
  }
}

const always = () => true;
