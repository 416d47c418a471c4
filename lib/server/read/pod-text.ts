import { formatPodIp } from "../../inventory/pod-row.ts";
import type { PodTable } from "../../inventory/pod-table.ts";
import { mayNameAddress, wordsOf } from "./list-query.ts";

type Matches = (slot: number) => boolean;

/**
 * Free text over columns: every word must occur in the namespace, the name, the node or an address. Names are looked through as
 * bytes and ids once each: half the time that texts take, and nothing is made. Null when there is nothing to look for.
 */
export function podTextFilter(table: PodTable, q: string | undefined): Matches | null {
  const words = wordsOf(q).map((word) => wordFilter(table, word, mayNameAddress(q)));
  const [first] = words;
  if (!first) return null;
  return words.length === 1 ? first : (slot) => words.every((matches) => matches(slot));
}

function wordFilter(table: PodTable, word: string, withAddresses: boolean): Matches {
  const { interner, names } = table;
  const bytes = Buffer.from(word);
  const ofId = idFilter((id) => interner.text(id)?.includes(word) ?? false);
  const address = withAddresses ? addressFilter(table, word) : () => false;
  return (slot) =>
    indexOfBytes(names.bytes, names.at[slot] ?? 0, names.lengths[slot] ?? 0, bytes) >= 0 ||
    ofId(names.namespaces[slot] ?? 0) ||
    ofId(table.nodes[slot] ?? 0) ||
    address(slot);
}

/** Asked once for each id. */
function idFilter(matches: (id: number) => boolean): (id: number) => boolean {
  const known: (boolean | undefined)[] = [];
  return (id) => (known[id] ??= matches(id));
}

/** Of each octet its digits in three bytes, and how many they are in the fourth. */
const octets = Uint8Array.from({ length: 1024 }, (_, at) => {
  const digits = Buffer.from(String(at >> 2));
  return (at & 3) === 3 ? digits.length : (digits[at & 3] ?? 0);
});
const DOT = 46;

/** Whether a part of an address occurs in one of the pod's. IPv4 ones are written as bytes, in one place. */
function addressFilter(table: PodTable, word: string): Matches {
  const bytes = Buffer.from(word);
  const text = new Uint8Array(ipv4Room);
  return (slot) => {
    const odd = table.oddIps(slot);
    if (odd) return odd.some((ip) => formatPodIp(ip).includes(word));
    return table.hasIpv4(slot) && indexOfBytes(text, 0, writeIpv4(text, table.ipv4[slot] ?? 0), bytes) >= 0;
  };
}

/** Bytes that `writeIpv4` may write to. */
export const ipv4Room = 18;

/** The address as text; returns its length, 15 at most. The dot behind it is of no matter. */
export function writeIpv4(text: Uint8Array, ip: number): number {
  let end = 0;
  for (let shift = 24; shift >= 0; shift -= 8) {
    const octet = ((ip >>> shift) & 255) << 2;
    text[end] = octets[octet] ?? 0;
    text[end + 1] = octets[octet + 1] ?? 0;
    text[end + 2] = octets[octet + 2] ?? 0;
    end += octets[octet + 3] ?? 0;
    text[end++] = DOT;
  }
  return end - 1;
}

/** Where the word first occurs in the bytes, counted from `start`; -1: nowhere. */
export function indexOfBytes(bytes: Uint8Array, start: number, length: number, word: Uint8Array): number {
  const first = word[0];
  const last = start + length - word.length;
  for (let at = start; at <= last; at++) {
    if (bytes[at] !== first) continue;
    let same = 1;
    while (same < word.length && bytes[at + same] === word[same]) same += 1;
    if (same === word.length) return at - start;
  }
  return -1;
}
