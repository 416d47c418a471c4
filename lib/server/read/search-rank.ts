import { formatPodIp } from "../../inventory/pod-row.ts";
import type { PodTable } from "../../inventory/pod-table.ts";
import { mayNameAddress } from "./list-query.ts";
import { indexOfBytes, ipv4Room, writeIpv4 } from "./pod-text.ts";

/** Smaller is better: the whole text, its beginning, the beginning of a word in it, anywhere. */
export const ranks = 4;

/** `ranks`: the text does not hold what is wanted. Names of Kubernetes objects are in lower case already. */
export function rankOf(text: string, wanted: string): number {
  const at = text.indexOf(wanted);
  return rankAt(at, text.length === wanted.length, at > 0 ? text.charCodeAt(at - 1) : 0);
}

function rankAt(at: number, isWhole: boolean, before: number): number {
  if (at < 0) return ranks;
  if (at === 0) return isWhole ? 0 : 1;
  const isInWord = (before >= 97 && before <= 122) || (before >= 48 && before <= 57);
  return isInWord ? 3 : 2;
}

/**
 * The rank of each pod, by its slot: of its name, or of namespace and name where a slash is wanted, and of its addresses where a part
 * of one could be. Read as bytes: making texts of 150,000 pods takes three times as long.
 */
export function podRank(table: PodTable, wanted: string): (slot: number) => number {
  const byName = wanted.includes("/") ? pathRank(table, wanted) : nameRank(table, wanted);
  if (!mayNameAddress(wanted)) return byName;
  const byAddress = addressRank(table, wanted);
  return (slot) => Math.min(byName(slot), byAddress(slot));
}

function nameRank({ names }: PodTable, wanted: string): (slot: number) => number {
  const word = Buffer.from(wanted);
  return (slot) => rankIn(names.bytes, names.at[slot] ?? 0, names.lengths[slot] ?? 0, word);
}

/** Names have no slash in them: the namespace must end, and the name begin, with what is wanted. */
function pathRank(table: PodTable, wanted: string): (slot: number) => number {
  const { names, interner } = table;
  const slash = wanted.indexOf("/");
  const start = Buffer.from(wanted.slice(slash + 1));
  const isNamespace: (boolean | undefined)[] = [];
  const ends = (id: number) => (interner.text(id) ?? "").endsWith(wanted.slice(0, slash));
  return (slot) => {
    const id = names.namespaces[slot] ?? 0;
    if (!(isNamespace[id] ??= ends(id))) return ranks;
    const length = Math.min(names.lengths[slot] ?? 0, start.length);
    if (start.length > 0 && indexOfBytes(names.bytes, names.at[slot] ?? 0, length, start) !== 0) return ranks;
    return rankOf(`${interner.text(id) ?? ""}/${names.text(slot)}`, wanted);
  };
}

function addressRank(table: PodTable, wanted: string): (slot: number) => number {
  const word = Buffer.from(wanted);
  const text = new Uint8Array(ipv4Room);
  return (slot) => {
    const odd = table.oddIps(slot);
    if (odd) return Math.min(...odd.map((ip) => rankOf(formatPodIp(ip), wanted)));
    return table.hasIpv4(slot) ? rankIn(text, 0, writeIpv4(text, table.ipv4[slot] ?? 0), word) : ranks;
  };
}

function rankIn(bytes: Uint8Array, start: number, length: number, word: Uint8Array): number {
  const at = indexOfBytes(bytes, start, length, word);
  return rankAt(at, length === word.length, bytes[start + at - 1] ?? 0);
}
