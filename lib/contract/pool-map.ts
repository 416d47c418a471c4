import type { Unknown } from "./common.ts";
import {
  type Column,
  type ColumnEntry,
  decodeColumns,
  encodeColumns,
  idColumn,
  type Ids,
  type Narrow,
  narrowColumn,
} from "./pool-map-container.ts";

/**
 * The block map of a pool in columns ("PBM1", see `pool-map-container.ts`): what a canvas needs of up to a million blocks, in
 * one or two bytes each.
 *
 * A row is a slot, one of the `possible` blocks that the pool's CIDR divides into, counted from its first address. While
 * there are at most 2^20, every slot has a row and row = slot. In larger pools only slots that a block touches have one, in
 * ascending order, and the column `slot` says which.
 *
 *     slot       u64           only in larger pools: its lowest 64 bits
 *     slotHigh   u64           the bits above these; only in pools that have such slots in use, as an IPv6 /48 of /122 has
 *     used       u8 or u16     0: unclaimed; n + 1: n addresses are in use, as calicoctl counts them (cooling ones included)
 *     flags      u8 or u16     `poolMapFlags`, or-ed; u16 where one of them is above 255
 *
 * and on request (`with`):
 *
 *     node       u16 or u32    0: no owner, or none that is a node; n + 1: `header.nodes[n]` owns the block
 *     namespace  u16 or u32    0: no pod has an address in it; n + 1: `header.namespaces[n]` holds the most of those that
 *                              pods have, VMs included; where that entry is null, several hold equally many
 *     claimed    u32           seconds since 1970 of the claim; 0: unclaimed, or nobody knows. Of several blocks the first
 *     lent       u8 or u16     addresses in use by other nodes than the owner; without an owner, by any node
 */
export interface PoolMapHeader {
  /** `{epoch}.{sequence}` of the inventory it was first made from; a map that stays the same keeps it. */
  readonly version: string;
  /** Names this state of these columns; what changed since then may be asked for by it. Opaque. */
  readonly state: string;
  readonly pool: string;
  readonly cidr: string;
  readonly blockSize: number;
  /** Addresses of a slot. */
  readonly capacity: number;
  /** Slots of the pool, in decimal digits. */
  readonly possible: string;
  readonly rows: number;
  readonly nodes: readonly string[] | null;
  readonly namespaces: readonly (string | null)[] | null;
  /**
   * Why some flags are set nowhere: without reservations nothing is called reserved, without affinities nothing unsettled,
   * without pods and nodes nothing a leak candidate. Absent: all is known.
   */
  readonly unknown?: readonly Unknown[];
  readonly columns: readonly ColumnEntry[];
}

/** The columns that come on request. */
export const mapColumns = ["node", "namespace", "claimed", "lent"] as const;
export type MapColumn = (typeof mapColumns)[number];

export const poolMapFlags = {
  /** Claimed, and nobody owns it. */
  noOwner: 1,
  /** Other nodes than the owner use addresses of it. */
  lends: 2,
  /** Some of its addresses are reserved. */
  partlyReserved: 4,
  /** All of its addresses are. Also on slots that nobody has claimed. */
  reserved: 8,
  cooling: 16,
  /** The owner's claim is not confirmed: pending, being given up, or missing. */
  unsettled: 32,
  /** The stored block is odd: of another size than the pool's, or not as Calico writes it. */
  odd: 64,
  /** Its owner uses addresses of this pool in blocks that are not its own. */
  borrows: 128,
  /** An address in it is a leak candidate. */
  leak: 256,
} as const;
export type PoolMapFlag = keyof typeof poolMapFlags;

/** Beyond this many slots only touched ones have a row. */
export const mostDenseSlots = 1n << 20n;

export interface PoolMap {
  readonly header: PoolMapHeader;
  /** Null: row = slot. Below 2^122. */
  readonly slot: readonly bigint[] | null;
  readonly used: Narrow;
  readonly flags: Narrow;
  /** Null, like the columns below: not asked for. */
  readonly node: Ids | null;
  readonly namespace: Ids | null;
  readonly claimed: Uint32Array | null;
  readonly lent: Narrow | null;
}

const magic = "PBM1";
const wordBits = 64n;

/** Slots as words of 64 bits. */
function splitSlots(slots: readonly bigint[] | null) {
  if (slots === null) return { slot: null, slotHigh: null };
  const isHigh = slots.some((slot) => slot >> wordBits !== 0n);
  return {
    slot: BigUint64Array.from(slots, (slot) => BigInt.asUintN(Number(wordBits), slot)),
    slotHigh: isHigh ? BigUint64Array.from(slots, (slot) => slot >> wordBits) : null,
  };
}

function joinedSlots(low: Column | undefined, high: Column | undefined): readonly bigint[] | null {
  if (!(low instanceof BigUint64Array)) return null;
  if (!(high instanceof BigUint64Array)) return [...low];
  return Array.from(low, (word, row) => ((high[row] ?? 0n) << wordBits) | word);
}

/** `columns` of the header are filled in here. */
export function encodePoolMap({
  header,
  slot,
  used,
  flags,
  node,
  namespace,
  claimed,
  lent,
}: Omit<PoolMap, "header"> & { header: Omit<PoolMapHeader, "columns"> }): Uint8Array<ArrayBuffer> {
  return encodeColumns(magic, header, { ...splitSlots(slot), used, flags, node, namespace, claimed, lent });
}

/** Reads what `encodePoolMap` wrote; the columns look into the buffer. Throws RangeError on anything else. */
export function decodePoolMap(buffer: ArrayBuffer): PoolMap {
  const decoded = decodeColumns<PoolMapHeader>(magic, buffer);
  const { header, columns } = decoded;
  const { rows } = header;
  const used = narrowColumn(decoded, "used", rows);
  const flags = narrowColumn(decoded, "flags", rows);
  if (!used || !flags) throw new RangeError("the pool map lacks a column");
  const claimed = columns.get("claimed");
  return {
    header,
    slot: joinedSlots(columns.get("slot"), columns.get("slotHigh")),
    used,
    flags,
    node: idColumn(decoded, "node", rows),
    namespace: idColumn(decoded, "namespace", rows),
    claimed: claimed instanceof Uint32Array ? claimed : null,
    lent: narrowColumn(decoded, "lent", rows),
  };
}
