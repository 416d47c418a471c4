import { type PoolMap, type PoolMapFlag, poolMapFlags } from "@/lib/contract/pool-map.ts";
import { AddressError, familyBits, parseAddress } from "@/lib/ipam/address.ts";
import { cidrName } from "@/lib/ipam/cidr-name.ts";
import { type Cidr, formatCidr, parseCidr } from "@/lib/ipam/cidr.ts";

/** How full a block is, from 0 (empty) to 5 (full); null: nobody has claimed it. */
export type Depth = 0 | 1 | 2 | 3 | 4 | 5;

/** The depth of `used` addresses of `capacity`. */
export function depthOf(used: number, capacity: number): Depth {
  if (used <= 0) return 0;
  if (used >= capacity) return 5;
  if (used * 4 < capacity) return 1;
  if (used * 2 < capacity) return 2;
  return used * 4 < capacity * 3 ? 3 : 4;
}

/** What a cell says besides its colour, the most urgent first: a cell carries one. */
export const marks = [
  "leak",
  "noOwner",
  "lends",
  "borrows",
  "odd",
  "unsettled",
  "reserved",
  "partlyReserved",
  "cooling",
] as const satisfies readonly PoolMapFlag[];
export type Mark = (typeof marks)[number];

/** What a cell is by itself: a depth, or unclaimed, or wholly reserved. */
type CellKind = Depth | "unclaimed" | "reserved";

/** One slot of the pool as the map knows it. */
export interface Cell {
  readonly kind: CellKind;
  /** Null: unclaimed. */
  readonly used: number | null;
  readonly mark: Mark | null;
}

export function cellOf(map: PoolMap, row: number): Cell {
  const stored = map.used[row] ?? 0;
  const flags = map.flags[row] ?? 0;
  const used = stored === 0 ? null : stored - 1;
  if (used === null) {
    const reserved = (flags & poolMapFlags.reserved) !== 0;
    return {
      kind: reserved ? "reserved" : "unclaimed",
      used,
      mark: !reserved && flags & poolMapFlags.partlyReserved ? "partlyReserved" : null,
    };
  }
  return { kind: depthOf(used, map.header.capacity), used, mark: markOf(flags) };
}

/** The most urgent mark of these flags. */
export function markOf(flags: number): Mark | null {
  if (flags === 0) return null;
  return marks.find((mark) => (flags & poolMapFlags[mark]) !== 0) ?? null;
}

/** Whether a row counts under a mark. A wholly reserved block is not partly reserved as well. */
export function hasMark(flags: number, mark: Mark): boolean {
  if ((flags & poolMapFlags[mark]) === 0) return false;
  return mark !== "partlyReserved" || (flags & poolMapFlags.reserved) === 0;
}

/** How many slots have each mark, by how many have each set of flags. */
export function countMarks(flags: Uint32Array): Readonly<Record<Mark, number>> {
  const count = (mark: Mark) => {
    let sum = 0;
    flags.forEach((slots, each) => {
      if (slots > 0 && hasMark(each, mark)) sum += slots;
    });
    return sum;
  };
  return Object.fromEntries(marks.map((mark) => [mark, count(mark)])) as Record<Mark, number>;
}

const cidrs = new WeakMap<PoolMap, Cidr>();

/** The pool's own network; read once a map, because labels and addresses ask for it many times a frame. */
function poolCidr(map: PoolMap): Cidr {
  let cidr = cidrs.get(map);
  if (!cidr) cidrs.set(map, (cidr = parseCidr(map.header.cidr).cidr));
  return cidr;
}

/** The network of a row's slot. */
export function slotCidr(map: PoolMap, row: number): Cidr {
  const pool = poolCidr(map);
  const slot = map.slot?.[row] ?? BigInt(row);
  const bits = BigInt(familyBits(pool.family) - map.header.blockSize);
  return { family: pool.family, base: pool.base + (slot << bits), prefix: map.header.blockSize };
}

/** `10.64.0.0/26`, and the name of the block object there. */
export function slotName(map: PoolMap, row: number): { readonly cidr: string; readonly name: string } {
  const cidr = slotCidr(map, row);
  return { cidr: formatCidr(cidr), name: cidrName(cidr) };
}

/** The row whose slot begins at or before `cidr`; null: outside the pool, or a slot without a row. */
export function rowOf(map: PoolMap, cidr: string): number | null {
  const pool = poolCidr(map);
  const block = parseCidr(cidr).cidr;
  if (block.family !== pool.family || block.base < pool.base) return null;
  const slot = (block.base - pool.base) >> BigInt(familyBits(pool.family) - map.header.blockSize);
  if (map.slot === null) return slot < BigInt(map.header.rows) ? Number(slot) : null;
  const found = map.slot.indexOf(slot);
  return found < 0 ? null : found;
}

/**
 * The row of the block object with this name. A name writes its network with dashes; which characters they stand for
 * follows from the pool's family. Null: outside the pool, or no name of a block.
 */
export function rowOfName(map: PoolMap, name: string): number | null {
  const at = name.lastIndexOf("-");
  const address = name.slice(0, at).replaceAll("-", poolCidr(map).family === 4 ? "." : ":");
  try {
    return rowOf(map, `${address}/${name.slice(at + 1)}`);
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}

/** The place of an address in its row's block; null: it lies elsewhere, or is none. */
export function ordinalOf(map: PoolMap, row: number, ip: string): number | null {
  const { base, family } = slotCidr(map, row);
  try {
    const address = parseAddress(ip);
    const ordinal = address.value - base;
    return address.family === family && ordinal >= 0n && ordinal < BigInt(map.header.capacity)
      ? Number(ordinal)
      : null;
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}

/** How much of a slot is reserved. */
export function reservedOf(map: PoolMap, row: number): "all" | "some" | "none" {
  const flags = map.flags[row] ?? 0;
  if (hasMark(flags, "reserved")) return "all";
  return hasMark(flags, "partlyReserved") ? "some" : "none";
}

/** The next claimed row after `row` in a direction, or null at the end. */
export function nextClaimed(map: PoolMap, row: number, step: 1 | -1): number | null {
  for (let at = row + step; at >= 0 && at < map.header.rows; at += step) if (map.used[at] !== 0) return at;
  return null;
}
