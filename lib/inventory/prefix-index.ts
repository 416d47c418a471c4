import type { Address, Family } from "../ipam/address.ts";
import type { Cidr } from "../ipam/cidr.ts";

/** IPv4 keys are numbers and IPv6 keys bigints: the first are ten times cheaper to look up. */
type Key = number | bigint;

function keyOf(family: Family, value: bigint, prefix: number): Key {
  if (family === 6) return value >> BigInt(128 - prefix);
  return Math.floor(Number(value) / 2 ** (32 - prefix));
}

/**
 * Values by CIDR, found by address or by a CIDR inside or around. One map a prefix length, so a look-up costs as many
 * probes as there are different lengths (one or two in practice), whatever the number of CIDRs.
 */
export class PrefixIndex<T> {
  private readonly byPrefix = { 4: new Map<number, Map<Key, T[]>>(), 6: new Map<number, Map<Key, T[]>>() };

  add(cidr: Cidr, value: T): void {
    const lengths = this.byPrefix[cidr.family];
    let table = lengths.get(cidr.prefix);
    if (!table) lengths.set(cidr.prefix, (table = new Map()));
    const key = keyOf(cidr.family, cidr.base, cidr.prefix);
    const values = table.get(key);
    if (values) values.push(value);
    else table.set(key, [value]);
  }

  remove(cidr: Cidr, value: T): void {
    const lengths = this.byPrefix[cidr.family];
    const table = lengths.get(cidr.prefix);
    const key = keyOf(cidr.family, cidr.base, cidr.prefix);
    const values = table?.get(key);
    if (!table || !values) return;
    const left = values.filter((one) => one !== value);
    if (left.length > 0) table.set(key, left);
    else table.delete(key);
    if (table.size === 0) lengths.delete(cidr.prefix);
  }

  /** Every value whose CIDR contains the address, in no particular order. */
  *containing(address: Address): Iterable<T> {
    for (const [prefix, table] of this.byPrefix[address.family]) {
      yield* table.get(keyOf(address.family, address.value, prefix)) ?? [];
    }
  }

  /** The first value found whose IPv4 CIDR contains the address; made for loops over every pod. */
  atIpv4(value: number): T | null {
    for (const [prefix, table] of this.byPrefix[4]) {
      const found = table.get(Math.floor(value / 2 ** (32 - prefix)))?.[0];
      if (found !== undefined) return found;
    }
    return null;
  }

  /** Every value whose CIDR overlaps the given one: contains it, equals it or lies inside. */
  *overlapping(cidr: Cidr): Iterable<T> {
    for (const [prefix, table] of this.byPrefix[cidr.family]) {
      if (prefix <= cidr.prefix) {
        yield* table.get(keyOf(cidr.family, cidr.base, prefix)) ?? [];
        continue;
      }
      const wanted = keyOf(cidr.family, cidr.base, cidr.prefix);
      for (const [key, values] of table) {
        if (parentKey(key, prefix - cidr.prefix) === wanted) yield* values;
      }
    }
  }
}

function parentKey(key: Key, bits: number): Key {
  return typeof key === "bigint" ? key >> BigInt(bits) : Math.floor(key / 2 ** bits);
}
