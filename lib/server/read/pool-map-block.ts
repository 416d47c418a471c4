import type { BlockRow } from "../../inventory/block-row.ts";
import type { Interner } from "../../inventory/interner.ts";

const latest = 0xffff_ffff;
const nobody: readonly number[] = [];

/** Addresses in use among the ordinals; of a whole block, the figure that calicoctl prints. */
export function inUseBetween(block: BlockRow, first: number, last: number): number {
  const { content, counts } = block;
  if (isWhole(block, first, last)) return counts.inUse;
  let used = 0;
  for (let ordinal = first; ordinal <= last; ordinal++) if (content.slot(ordinal) >= 0) used += 1;
  return used;
}

/** Of them, those in use by another node than the owner; without an owner, by any node. */
export function lentBetween(block: BlockRow, interner: Interner, first: number, last: number): number {
  if (block.counts.lent === 0 || isWhole(block, first, last)) return block.counts.lent;
  return borrowersBetween(block, interner, first, last).length;
}

/** Nodes, interned, that use addresses of the block without owning it; one entry an address. */
export function borrowersOf(block: BlockRow, interner: Interner): readonly number[] {
  if (block.counts.lent === 0) return nobody;
  return borrowersBetween(block, interner, 0, block.content.size - 1);
}

/** Seconds since 1970; 0: nobody knows. */
export function claimedSeconds({ claimedAt }: BlockRow): number {
  const seconds = claimedAt === null ? Number.NaN : Math.floor(Date.parse(claimedAt) / 1000);
  return seconds > 0 && seconds <= latest ? seconds : 0;
}

/** One entry an address. */
function borrowersBetween({ content, owner }: BlockRow, interner: Interner, first: number, last: number) {
  const home = interner.id(owner?.name ?? null);
  const borrowers: number[] = [];
  for (let ordinal = first; ordinal <= last; ordinal++) {
    const index = content.slot(ordinal);
    const node = index < 0 ? 0 : content.nodeId(index);
    if (node !== 0 && node !== home) borrowers.push(node);
  }
  return borrowers;
}

function isWhole({ content }: BlockRow, first: number, last: number): boolean {
  return first === 0 && last === content.size - 1;
}
