import { type PoolMap, type PoolMapFlag, poolMapFlags } from "@/lib/contract/pool-map.ts";
import { AddressError, familyBits } from "@/lib/ipam/address.ts";
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

/** What a cell says besides its depth; one a cell, the most urgent. */
export type Mark = "odd" | "noOwner" | "lends" | "partlyReserved" | "reserved";

/** What a cell is for the legend: a depth, or unclaimed, or wholly reserved. */
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
  const reserved = (flags & poolMapFlags.reserved) !== 0;
  if (used === null)
    return {
      kind: reserved ? "reserved" : "unclaimed",
      used,
      mark: flags & poolMapFlags.partlyReserved ? "partlyReserved" : null,
    };
  return { kind: depthOf(used, map.header.capacity), used, mark: markOf(flags) };
}

const urgency: readonly [Mark, PoolMapFlag][] = [
  ["odd", "odd"],
  ["noOwner", "noOwner"],
  ["lends", "lends"],
  ["reserved", "reserved"],
  ["partlyReserved", "partlyReserved"],
];

function markOf(flags: number): Mark | null {
  return urgency.find(([, flag]) => (flags & poolMapFlags[flag]) !== 0)?.[0] ?? null;
}

/** What a legend key stands for. */
export type LegendKey =
  `depth-${Depth}` | "unclaimed" | "reserved" | "partlyReserved" | "lends" | "noOwner" | "odd";

/** Whether a slot belongs to a key of the legend. */
export function matchesKey(map: PoolMap, row: number, key: LegendKey): boolean {
  const { kind } = cellOf(map, row);
  if (key === "unclaimed") return kind === "unclaimed";
  if (key.startsWith("depth-")) return key === `depth-${kind}`;
  const flags = map.flags[row] ?? 0;
  if (key === "reserved") return (flags & poolMapFlags.reserved) !== 0;
  if (key === "partlyReserved")
    return (flags & poolMapFlags.partlyReserved) !== 0 && (flags & poolMapFlags.reserved) === 0;
  if (key === "lends") return (flags & poolMapFlags.lends) !== 0;
  if (key === "noOwner") return (flags & poolMapFlags.noOwner) !== 0;
  return (flags & poolMapFlags.odd) !== 0;
}

export const legendKeys: readonly LegendKey[] = [
  "depth-0",
  "depth-1",
  "depth-2",
  "depth-3",
  "depth-4",
  "depth-5",
  "unclaimed",
  "reserved",
  "partlyReserved",
  "lends",
  "noOwner",
  "odd",
];

/** How many slots belong to each key; one pass, because pools have up to a million. */
export function countKeys(map: PoolMap): Readonly<Record<LegendKey, number>> {
  const { rows, capacity } = map.header;
  const depths = [0, 0, 0, 0, 0, 0];
  const counts = { unclaimed: 0, reserved: 0, partlyReserved: 0, lends: 0, noOwner: 0, odd: 0 };
  const { used, flags } = map;
  for (let row = 0; row < rows; row += 1) {
    const stored = used[row] ?? 0;
    const flag = flags[row] ?? 0;
    if (stored > 0) {
      const depth = depthOf(stored - 1, capacity);
      depths[depth] = (depths[depth] ?? 0) + 1;
    } else if ((flag & poolMapFlags.reserved) === 0) counts.unclaimed += 1;
    if (flag === 0) continue;
    if (flag & poolMapFlags.reserved) counts.reserved += 1;
    else if (flag & poolMapFlags.partlyReserved) counts.partlyReserved += 1;
    if (flag & poolMapFlags.lends) counts.lends += 1;
    if (flag & poolMapFlags.noOwner) counts.noOwner += 1;
    if (flag & poolMapFlags.odd) counts.odd += 1;
  }
  const [d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0] = depths;
  return {
    ...counts,
    "depth-0": d0,
    "depth-1": d1,
    "depth-2": d2,
    "depth-3": d3,
    "depth-4": d4,
    "depth-5": d5,
  };
}

/** The pool's own network. */
function poolCidr(map: PoolMap): Cidr {
  return parseCidr(map.header.cidr).cidr;
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

/** The next claimed row after `row` in a direction, or null at the end. */
export function nextClaimed(map: PoolMap, row: number, step: 1 | -1): number | null {
  for (let at = row + step; at >= 0 && at < map.header.rows; at += step) if (map.used[at] !== 0) return at;
  return null;
}
