import { AddressError, parseAddress } from "../../ipam/address.ts";
import { type Cidr, cidrAround, cidrsOverlap, parseCidr } from "../../ipam/cidr.ts";
import type { RunCidrs } from "./run.ts";

/** Private ranges in which a /16 is looked for, as the first two numbers of each /16. */
const sixteens: readonly (readonly [number, number])[] = [
  ...numbers(0, 255).map((second) => [10, second] as const),
  ...numbers(16, 31).map((second) => [172, second] as const),
  ...numbers(64, 127).map((second) => [100, second] as const),
];

/**
 * The run's own CIDRs, out of one /16 and one /48 that nothing in `taken` overlaps; null when there is none. Entries of
 * `taken` are addresses or CIDRs; what is neither takes nothing. `random` is uniform in [0, 1).
 */
export function chooseCidrs(taken: Iterable<string>, random: () => number = Math.random): RunCidrs | null {
  const known = [...taken].flatMap(readTaken);
  const isFree = (cidr: string) => {
    const wanted = parseCidr(cidr).cidr;
    return !known.some((each) => cidrsOverlap(each, wanted));
  };
  const free = sixteens.filter(([first, second]) => isFree(`${first}.${second}.0.0/16`));
  const chosen = free[Math.floor(random() * free.length)];
  const six = uniqueLocal(random);
  if (chosen === undefined || !isFree(`${six}::/48`)) return null;
  const prefix = chosen.join(".");
  return {
    external: `${prefix}.0.0/20`,
    internal: `${prefix}.16.0/20`,
    spare: `${prefix}.32.0/19`,
    six: `${six}:1::/64`,
  };
}

/** A node's or pod's address takes its neighbours too: the network it lies in is wider than the address tells. */
function readTaken(text: string): Cidr[] {
  try {
    if (text.includes("/")) return [parseCidr(text).cidr];
    const address = parseAddress(text);
    return [cidrAround(address, address.family === 4 ? 24 : 64)];
  } catch (error) {
    if (error instanceof AddressError) return [];
    throw error;
  }
}

/** The first three groups of an RFC 4193 prefix. */
function uniqueLocal(random: () => number): string {
  const group = () => Math.floor(random() * 0xffff + 1).toString(16);
  return `fd${Math.floor(random() * 0xff)
    .toString(16)
    .padStart(2, "0")}:${group()}:${group()}`;
}

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
