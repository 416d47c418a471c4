import { type Family, familyBits } from "./address.ts";
import {
  type Cidr,
  cidrAround,
  cidrContainsCidr,
  cidrSize,
  firstAddress,
  lastAddress,
  parseCidr,
} from "./cidr.ts";
import { cidrSet, rangesOutside } from "./cidr-set.ts";

interface NamedCidr {
  readonly name: string;
  readonly cidr: Cidr;
}

/** A network that nothing has, with the pools that lie next to it in its private range; null: there is none on that side. */
export interface FreeCidr {
  readonly cidr: Cidr;
  readonly below: string | null;
  readonly above: string | null;
}

/** RFC 1918 and RFC 6598. */
const privateV4 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(
  (text) => parseCidr(text).cidr,
);
/** RFC 4193. */
const uniqueLocal = parseCidr("fc00::/7").cidr;

/**
 * A free network of that prefix length, as near as can be to a pool: in a private range that holds one, overlapping neither pools nor
 * what is to be avoided. IPv4 without a pool there: the first free one of the private ranges. IPv6: within the /48 of a pool, or a
 * little more where the pool fills that; null where there is no pool to go by. Null too when everything is taken.
 */
export function freeCidr(
  prefix: number,
  family: Family,
  pools: readonly NamedCidr[],
  avoid: readonly Cidr[] = [],
): FreeCidr | null {
  if (prefix < 0 || prefix > familyBits(family)) return null;
  const own = pools.filter(({ cidr }) => cidr.family === family);
  const taken = cidrSet([...own.map(({ cidr }) => cidr), ...avoid]);
  let best: Place | null = null;
  for (const range of rangesFor(family, own)) {
    if (prefix < range.prefix) continue;
    const inside = own.filter(({ cidr }) => cidrContainsCidr(range, cidr));
    for (const gap of rangesOutside(taken, range)) {
      for (const cidr of edges(gap.first, gap.last, prefix, family)) {
        const place = placeOf(cidr, inside);
        if (best === null || isBetter(place, best)) best = place;
      }
    }
    // Without a pool every place is as good, and the first range has the first.
    if (own.length === 0 && best !== null) break;
  }
  return best && { cidr: best.cidr, below: best.below, above: best.above };
}

/** A place, with how many addresses lie between it and the nearer pool, and the farther one. */
interface Place extends FreeCidr {
  readonly near: bigint;
  readonly far: bigint;
}

/** Of two places as near, the one between two pools is better, then the tighter one, and the one above a pool. */
function isBetter(one: Place, other: Place): boolean {
  if (one.near !== other.near) return one.near < other.near;
  if (sides(one) !== sides(other)) return sides(one) > sides(other);
  return one.far < other.far;
}

function rangesFor(family: Family, pools: readonly NamedCidr[]): readonly Cidr[] {
  if (family === 4) {
    const used = privateV4.filter((range) => pools.some(({ cidr }) => cidrContainsCidr(range, cidr)));
    return used.length > 0 ? used : privateV4;
  }
  const own = pools.filter(({ cidr }) => cidrContainsCidr(uniqueLocal, cidr));
  return own.map(({ cidr }) =>
    cidrAround(firstAddress(cidr), Math.max(uniqueLocal.prefix, Math.min(48, cidr.prefix - 4))),
  );
}

/** The lowest and the highest aligned network inside a gap. */
function edges(first: bigint, last: bigint, prefix: number, family: Family): Cidr[] {
  const size = 1n << BigInt(familyBits(family) - prefix);
  const lowest = ((first + size - 1n) / size) * size;
  const highest = ((last + 1n) / size) * size - size;
  if (lowest + size - 1n > last) return [];
  return [...new Set([lowest, highest])].map((base) => ({ family, base, prefix }));
}

function sides({ below, above }: FreeCidr): number {
  return (below === null ? 0 : 2) + (above === null ? 0 : 1);
}

function placeOf(cidr: Cidr, pools: readonly NamedCidr[]): Place {
  let below: NamedCidr | null = null;
  let above: NamedCidr | null = null;
  for (const pool of pools) {
    if (pool.cidr.base < cidr.base) {
      if (below === null || lastAddress(pool.cidr).value > lastAddress(below.cidr).value) below = pool;
    } else if (above === null || pool.cidr.base < above.cidr.base) above = pool;
  }
  const gaps = [
    ...(below === null ? [] : [cidr.base - lastAddress(below.cidr).value - 1n]),
    ...(above === null ? [] : [above.cidr.base - cidr.base - cidrSize(cidr)]),
  ];
  const [one = cidr.base, other = one] = gaps;
  return {
    cidr,
    below: below?.name ?? null,
    above: above?.name ?? null,
    near: one < other ? one : other,
    far: one < other ? other : one,
  };
}
