import type { Address, Family } from "../ipam/address.ts";
import type { Cidr } from "../ipam/cidr.ts";

/** IPv4 keys are numbers and IPv6 keys bigints: the first are ten times cheaper to look up. */
type Key = number | bigint;

function keyOf(family: Family, value: bigint, prefix: number): Key {
  if (family === 6) return value >> BigInt(128 - prefix);
  return Math.floor(Number(value) / 2 ** (32 - prefix));
}

/** The values of one CIDR where there is more than one: an array for each of twenty thousand blocks is a megabyte for nothing. */
class Several<T> {
  readonly values: readonly T[];

  constructor(values: readonly T[]) {
    this.values = values;
  }
}

/**
 * Values by CIDR, found by address or by a CIDR inside or around. One map a prefix length, so a look-up costs as many
 * probes as there are different lengths (one or two in practice), whatever the number of CIDRs.
 */
export class PrefixIndex<T extends object | string | true> {
  private readonly byPrefix = {
    4: new Map<number, Map<Key, T | Several<T>>>(),
    6: new Map<number, Map<Key, T | Several<T>>>(),
  };

  add(cidr: Cidr, value: T): void {
    const lengths = this.byPrefix[cidr.family];
    let table = lengths.get(cidr.prefix);
    if (!table) lengths.set(cidr.prefix, (table = new Map()));
    const key = keyOf(cidr.family, cidr.base, cidr.prefix);
    const values = valuesOf(table.get(key));
    table.set(key, values.length === 0 ? value : new Several([...values, value]));
  }

  remove(cidr: Cidr, value: T): void {
    const lengths = this.byPrefix[cidr.family];
    const table = lengths.get(cidr.prefix);
    const key = keyOf(cidr.family, cidr.base, cidr.prefix);
    if (!table) return;
    const left = valuesOf(table.get(key)).filter((one) => one !== value);
    const [first] = left;
    if (first === undefined) table.delete(key);
    else table.set(key, left.length === 1 ? first : new Several(left));
    if (table.size === 0) lengths.delete(cidr.prefix);
  }

  /** Every value whose CIDR contains the address, in no particular order. */
  *containing(address: Address): Iterable<T> {
    for (const [prefix, table] of this.byPrefix[address.family]) {
      yield* valuesOf(table.get(keyOf(address.family, address.value, prefix)));
    }
  }

  /** The first value found whose IPv4 CIDR contains the address; made for loops over every pod. */
  atIpv4(value: number): T | null {
    for (const [prefix, table] of this.byPrefix[4]) {
      const found = table.get(Math.floor(value / 2 ** (32 - prefix)));
      if (found !== undefined) return found instanceof Several ? (found.values[0] ?? null) : found;
    }
    return null;
  }

  /** Every value whose CIDR overlaps the given one: contains it, equals it or lies inside. */
  *overlapping(cidr: Cidr): Iterable<T> {
    for (const [prefix, table] of this.byPrefix[cidr.family]) {
      if (prefix <= cidr.prefix) {
        yield* valuesOf(table.get(keyOf(cidr.family, cidr.base, prefix)));
        continue;
      }
      const wanted = keyOf(cidr.family, cidr.base, cidr.prefix);
      for (const [key, values] of table) {
        if (parentKey(key, prefix - cidr.prefix) === wanted) yield* valuesOf(values);
      }
    }
  }
}

function valuesOf<T>(found: T | Several<T> | undefined): readonly T[] {
  if (found === undefined) return [];
  return found instanceof Several ? found.values : [found];
}

function parentKey(key: Key, bits: number): Key {
  return typeof key === "bigint" ? key >> BigInt(bits) : Math.floor(key / 2 ** bits);
}
