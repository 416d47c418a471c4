import { type Address, type Family, familyBits, formatAddress } from "@/lib/ipam/address.ts";
import { type Cidr, cidrsOverlap, formatCidr, lastAddress } from "@/lib/ipam/cidr.ts";

export interface NamedCidr {
  readonly name: string;
  readonly cidr: Cidr;
}

/** One stretch of the line; `from` and `to` are shares of its length, 0 to 1. */
export interface LineSegment {
  readonly kind: "pool" | "wanted" | "overlap";
  /** Of the pool; of what is wanted, the CIDR. */
  readonly name: string;
  readonly cidr: string;
  readonly from: number;
  readonly to: number;
}

export interface AddressLine {
  /** Addresses at the ends. */
  readonly first: string;
  readonly last: string;
  readonly segments: readonly LineSegment[];
  /** The pools in sight, in address order. */
  readonly pools: readonly NamedCidr[];
  /** Those of them that share addresses with what is wanted. */
  readonly overlapped: readonly NamedCidr[];
  /** The nearest pools around it, where it overlaps none; null: there is none on that side. */
  readonly below: string | null;
  readonly above: string | null;
}

/** In sizes of what is wanted: what is shown around everything, and how far away a neighbour may be to be shown. */
const margin = 1n;
const reach = 8n;

/** What is wanted among the pools, on one line of addresses; null while nothing is wanted. Only the first family is drawn. */
export function addressLine(wanted: readonly Cidr[], pools: readonly NamedCidr[]): AddressLine | null {
  const family = wanted[0]?.family;
  if (family === undefined) return null;
  const own = wanted.filter((cidr) => cidr.family === family);
  const all = pools
    .filter(({ cidr }) => cidr.family === family)
    .sort((one, other) => compare(one.cidr.base, other.cidr.base) || one.cidr.prefix - other.cidr.prefix);
  const overlapped = all.filter(({ cidr }) => own.some((each) => cidrsOverlap(each, cidr)));
  const first = least(own.map(({ base }) => base));
  const last = -least(own.map((cidr) => -lastAddress(cidr).value));
  const size = last - first + 1n;
  const below = all.findLast(({ cidr }) => lastAddress(cidr).value < first) ?? null;
  const above = all.find(({ cidr }) => cidr.base > last) ?? null;
  const far = size * reach;
  // A neighbour that goes on far beyond what is wanted is cut; a pool that holds what is wanted is shown whole.
  const shown = [
    ...overlapped.map(({ cidr }) => ({ low: cidr.base, high: lastAddress(cidr).value })),
    ...[below, above].flatMap((near) =>
      near === null || distance(near.cidr, first, last) > far
        ? []
        : [{ low: max(near.cidr.base, first - far), high: min(lastAddress(near.cidr).value, last + far) }],
    ),
  ];
  const highest = (1n << BigInt(familyBits(family))) - 1n;
  const from = max(0n, least([first, ...shown.map(({ low }) => low)]) - size * margin);
  const to = min(highest, -least([-last, ...shown.map(({ high }) => -high)]) + size * margin);
  const inSight = all.filter(({ cidr }) => cidr.base <= to && lastAddress(cidr).value >= from);
  const place = (low: bigint, high: bigint) => ({
    from: share(max(low, from) - from, to - from + 1n),
    to: share(min(high, to) - from + 1n, to - from + 1n),
  });
  return {
    first: formatAddress(at(family, from)),
    last: formatAddress(at(family, to)),
    segments: [
      ...inSight.map(({ name, cidr }): LineSegment => ({
        kind: "pool",
        name,
        cidr: formatCidr(cidr),
        ...place(cidr.base, lastAddress(cidr).value),
      })),
      ...own.map((cidr): LineSegment => ({
        kind: overlapped.some((pool) => cidrsOverlap(pool.cidr, cidr)) ? "overlap" : "wanted",
        name: formatCidr(cidr),
        cidr: formatCidr(cidr),
        ...place(cidr.base, lastAddress(cidr).value),
      })),
    ],
    pools: inSight,
    overlapped,
    below: overlapped.length > 0 ? null : (below?.name ?? null),
    above: overlapped.length > 0 ? null : (above?.name ?? null),
  };
}

function distance(cidr: Cidr, first: bigint, last: bigint): bigint {
  return cidr.base > last ? cidr.base - last : first - lastAddress(cidr).value;
}

const at = (family: Family, value: bigint): Address => ({ family, value });
const compare = (one: bigint, other: bigint) => (one < other ? -1 : one > other ? 1 : 0);
const min = (one: bigint, other: bigint) => (one < other ? one : other);
const max = (one: bigint, other: bigint) => (one > other ? one : other);
const least = (values: readonly bigint[]) => values.reduce(min, values[0] ?? 0n);

/** To a millionth: enough for a line of pixels, and no IPv6 size is too large for it. */
function share(part: bigint, whole: bigint): number {
  return Number((part * 1_000_000n) / whole) / 1_000_000;
}
