import type { Address, Family } from "./address.ts";
import { type Cidr, cidrSize } from "./cidr.ts";

/** Both ends inclusive. */
export interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** A union of CIDRs. Ranges are disjoint, never adjacent, and ascending: overlaps count once. */
export interface CidrSet {
  readonly v4: readonly AddressRange[];
  readonly v6: readonly AddressRange[];
}

export const emptyCidrSet: CidrSet = { v4: [], v6: [] };

export function cidrSet(cidrs: Iterable<Cidr>): CidrSet {
  const all = [...cidrs];
  return { v4: rangesOfFamily(all, 4), v6: rangesOfFamily(all, 6) };
}

/** Number of addresses of one family in the set. */
export function cidrSetSize(set: CidrSet, family: Family): bigint {
  return rangesOf(set, family).reduce((sum, range) => sum + range.last - range.first + 1n, 0n);
}

export function cidrSetHas(set: CidrSet, address: Address): boolean {
  const ranges = rangesOf(set, address.family);
  const range = ranges[firstEndingAtOrAfter(ranges, address.value)];
  return range !== undefined && range.first <= address.value;
}

/** Number of addresses of `cidr` that are in the set. */
export function intersectionSize(set: CidrSet, cidr: Cidr): bigint {
  return rangesWithin(set, cidr).reduce((sum, range) => sum + range.last - range.first + 1n, 0n);
}

/** True when every address of `cidr` is in the set. */
export function cidrSetCovers(set: CidrSet, cidr: Cidr): boolean {
  return coveredUntil(set, cidr) !== null;
}

/** End of the run of members that holds all of `cidr`, or null when some of `cidr` is missing. Ranges are merged, so one look is enough. */
export function coveredUntil(set: CidrSet, cidr: Cidr): bigint | null {
  const ranges = rangesOf(set, cidr.family);
  if (ranges.length === 0) return null;
  const range = ranges[firstEndingAtOrAfter(ranges, cidr.base)];
  return range !== undefined && range.first <= cidr.base && range.last >= cidr.base + cidrSize(cidr) - 1n
    ? range.last
    : null;
}

/** The parts of the set inside `cidr`, clipped to it. */
export function rangesWithin(set: CidrSet, cidr: Cidr): AddressRange[] {
  return clipRanges(rangesOf(set, cidr.family), { first: cidr.base, last: cidr.base + cidrSize(cidr) - 1n });
}

/** The parts of disjoint, ascending ranges inside a window, clipped to it. */
export function clipRanges(ranges: readonly AddressRange[], window: AddressRange): AddressRange[] {
  const inside: AddressRange[] = [];
  for (let at = firstEndingAtOrAfter(ranges, window.first); at < ranges.length; at++) {
    const range = ranges[at];
    if (range === undefined || range.first > window.last) break;
    inside.push({
      first: range.first < window.first ? window.first : range.first,
      last: range.last > window.last ? window.last : range.last,
    });
  }
  return inside;
}

/** The parts of `cidr` that are not in the set. */
export function rangesOutside(set: CidrSet, cidr: Cidr): AddressRange[] {
  const gaps: AddressRange[] = [];
  let next = cidr.base;
  for (const range of rangesWithin(set, cidr)) {
    if (range.first > next) gaps.push({ first: next, last: range.first - 1n });
    next = range.last + 1n;
  }
  const end = cidr.base + cidrSize(cidr) - 1n;
  if (next <= end) gaps.push({ first: next, last: end });
  return gaps;
}

export function rangesOf(set: CidrSet, family: Family): readonly AddressRange[] {
  return family === 4 ? set.v4 : set.v6;
}

function rangesOfFamily(cidrs: readonly Cidr[], family: Family): AddressRange[] {
  const own = cidrs.filter((cidr) => cidr.family === family);
  return mergeRanges(own.map((cidr) => ({ first: cidr.base, last: cidr.base + cidrSize(cidr) - 1n })));
}

/** The same addresses as disjoint, ascending ranges; adjacent ones become one. */
export function mergeRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const sorted = ranges.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: { first: bigint; last: bigint }[] = [];
  for (const range of sorted) {
    const open = merged.at(-1);
    if (open === undefined || range.first > open.last + 1n) merged.push({ ...range });
    else if (range.last > open.last) open.last = range.last;
  }
  return merged;
}

/** Index of the first range whose end is at or after the value; `ranges.length` when there is none. */
function firstEndingAtOrAfter(ranges: readonly AddressRange[], value: bigint): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range !== undefined && range.last < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
