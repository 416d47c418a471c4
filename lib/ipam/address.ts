/** IP version. */
export type Family = 4 | 6;

/** One IP address of either family. `value` is 0 ≤ value < 2^32 (IPv4) or 2^128 (IPv6). */
export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** Text that is not an address or a CIDR; `message` is one sentence for people. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

/** Address bits of a family: 32 or 128. */
export function familyBits(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/**
 * Reads one address. IPv6 may hold a dotted IPv4 tail; `::ffff:10.0.0.1` is the IPv4 address 10.0.0.1, as for Go's net package.
 * @throws AddressError for everything else: leading zeros in IPv4, zones, blanks, short forms such as `10.1`, prefixes.
 */
export function parseAddress(text: string): Address {
  const value = text.includes(":") ? parseV6(text) : parseV4(text);
  if (value === null) throw new AddressError(`${JSON.stringify(text)} is not an IP address`);
  if (typeof value === "number") return { family: 4, value: BigInt(value) };
  return unmap(value) ?? { family: 6, value };
}

/** The IPv4 address behind an IPv4-mapped IPv6 value, or null. */
export function unmap(value: bigint): Address | null {
  return value >> 32n === MAPPED ? { family: 4, value: value & 0xffffffffn } : null;
}

/** Canonical text: dotted, or RFC 5952. IPv4-mapped IPv6 values print dotted, as Go's net package prints them. */
export function formatAddress(address: Address): string {
  if (address.family === 4) return formatV4(Number(address.value));
  if (address.value >> 32n === MAPPED) return formatV4(Number(address.value & 0xffffffffn));
  return formatV6(address.value);
}

/** All eight groups of an IPv6 address with their leading zeros; IPv4 as `formatAddress`. */
export function formatAddressFull(address: Address): string {
  if (address.family === 4) return formatAddress(address);
  return (address.value.toString(16).padStart(32, "0").match(/.{4}/g) ?? []).join(":");
}

/** Negative, zero or positive: IPv4 before IPv6, then by value. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

const MAPPED = 0xffffn;

/** Dotted text of 0 ≤ value < 2^32. */
function formatV4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** The value of a dotted text, null when it is none: as `parseAddress`, without an object for each of 150,000. */
export function parseV4(text: string): number | null {
  let value = 0;
  let part = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) {
      // No leading zeros.
      if (part === 0) return null;
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return null;
    } else {
      if (text[at] !== "." || part < 0) return null;
      value = value * 256 + part;
      part = -1;
      dots += 1;
    }
  }
  return dots === 3 && part >= 0 ? value * 256 + part : null;
}

function parseV6(text: string): bigint | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = readGroups(halves[0] ?? "", halves.length === 1);
  const tail = halves.length === 1 ? [] : readGroups(halves[1] ?? "", true);
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  return BigInt(`0x${groups.map((group) => group.padStart(4, "0")).join("")}`);
}

/** Hex groups of one side of `::`; a dotted tail becomes two groups. Null when malformed. */
function readGroups(text: string, mayEndDotted: boolean): string[] | null {
  if (text === "") return [];
  const groups = text.split(":");
  const last = groups.at(-1) ?? "";
  if (mayEndDotted && last.includes(".")) {
    const value = parseV4(last);
    if (value === null) return null;
    groups.splice(-1, 1, (value >>> 16).toString(16), (value & 0xffff).toString(16));
  }
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? groups : null;
}

function formatV6(value: bigint): string {
  const hex = value.toString(16).padStart(32, "0");
  const groups = (hex.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, ""));
  let run = { start: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === "0") length++;
    if (length > run.length) run = { start: at, length };
    at += length;
  }
  if (run.start < 0) return groups.join(":");
  return `${groups.slice(0, run.start).join(":")}::${groups.slice(run.start + run.length).join(":")}`;
}
