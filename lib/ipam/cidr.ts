import {
  type Address,
  AddressError,
  type Family,
  familyBits,
  formatAddress,
  parseAddress,
  unmap,
} from "./address.ts";

/** A masked network: the bits of `base` below `prefix` are zero. */
export interface Cidr {
  readonly family: Family;
  readonly base: bigint;
  /** Prefix length, 0–32 or 0–128. */
  readonly prefix: number;
}

/**
 * Reads `address/prefix`; `masked` is false when host bits were set (they are cleared in `cidr`).
 * An IPv4-mapped network of /96 or longer is the IPv4 network it stands for, as for Go's net package.
 * @throws AddressError on anything else, a prefix with a sign or leading zeros included.
 */
export function parseCidr(text: string): { cidr: Cidr; masked: boolean } {
  const slash = text.indexOf("/");
  const prefixText = text.slice(slash + 1);
  if (slash < 0 || !/^(0|[1-9]\d{0,2})$/.test(prefixText)) {
    throw new AddressError(`${JSON.stringify(text)} is not a CIDR such as 10.64.0.0/20`);
  }
  const addressText = text.slice(0, slash);
  const address = parseAddress(addressText);
  const wroteV6 = addressText.includes(":");
  const prefix = Number(prefixText);
  if (prefix > (wroteV6 ? 128 : 32)) {
    throw new AddressError(`${JSON.stringify(text)} has a prefix longer than ${wroteV6 ? 128 : 32}`);
  }
  if (wroteV6 && address.family === 4) return mappedCidr(address.value, prefix);
  const cidr = cidrAround(address, prefix);
  return { cidr, masked: cidr.base === address.value };
}

function mappedCidr(v4: bigint, prefix: number): { cidr: Cidr; masked: boolean } {
  const value = (0xffffn << 32n) | v4;
  const cidr = cidrAround({ family: 6, value }, prefix);
  const inner = prefix >= 96 ? unmap(cidr.base) : null;
  const masked = cidr.base === value;
  return inner === null
    ? { cidr, masked }
    : { cidr: { family: 4, base: inner.value, prefix: prefix - 96 }, masked };
}

/** The network of that prefix length that contains the address. */
export function cidrAround(address: Address, prefix: number): Cidr {
  const hostBits = BigInt(familyBits(address.family) - prefix);
  return { family: address.family, base: (address.value >> hostBits) << hostBits, prefix };
}

/** The /32 or /128 of one address. */
export function hostCidr(address: Address): Cidr {
  return { family: address.family, base: address.value, prefix: familyBits(address.family) };
}

/** Canonical text, also the key of a block in a snapshot. */
export function formatCidr(cidr: Cidr): string {
  if (cidr.family === 6 && cidr.prefix >= 96) {
    const inner = unmap(cidr.base);
    if (inner !== null) return `${formatAddress(inner)}/${cidr.prefix - 96}`;
  }
  return `${formatAddress({ family: cidr.family, value: cidr.base })}/${cidr.prefix}`;
}

/** Number of addresses: 1 … 2^128. */
export function cidrSize(cidr: Cidr): bigint {
  return 1n << BigInt(familyBits(cidr.family) - cidr.prefix);
}

export function firstAddress(cidr: Cidr): Address {
  return { family: cidr.family, value: cidr.base };
}

/** The highest address inside. */
export function lastAddress(cidr: Cidr): Address {
  return { family: cidr.family, value: cidr.base + cidrSize(cidr) - 1n };
}

/** The address `offset` after the base. Source: libcalico-go/lib/backend/model/block.go OrdinalToIP */
export function addressAt(cidr: Cidr, offset: number | bigint): Address {
  return { family: cidr.family, value: cidr.base + BigInt(offset) };
}

export function cidrContains(cidr: Cidr, address: Address): boolean {
  if (cidr.family !== address.family) return false;
  const hostBits = BigInt(familyBits(cidr.family) - cidr.prefix);
  return address.value >> hostBits === cidr.base >> hostBits;
}

/** True when `outer` contains all of `inner`; equal networks contain each other. */
export function cidrContainsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && cidrContains(outer, firstAddress(inner));
}

export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return a.prefix <= b.prefix ? cidrContainsCidr(a, b) : cidrContainsCidr(b, a);
}

export function sameCidr(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.base === b.base && a.prefix === b.prefix;
}

/** Negative, zero or positive: IPv4 first, then by base, then wider first. */
export function compareCidrs(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.base !== b.base) return a.base < b.base ? -1 : 1;
  return a.prefix - b.prefix;
}
