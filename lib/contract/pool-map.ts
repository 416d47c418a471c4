import type { Unknown } from "./common.ts";

/**
 * The block map of a pool in columns: what a canvas needs of up to a million blocks, in one or two bytes each.
 *
 *     bytes 0–3   "PBM1"
 *     bytes 4–7   u32, little endian: length of the header in bytes, a multiple of 8
 *     header      JSON (PoolMapHeader) in UTF-8, filled up with blanks
 *     columns     in the order of `header.columns`, little endian, each filled up with zeros to a multiple of 8 bytes
 *
 * A row is a slot, one of the `possible` blocks that the pool's CIDR divides into, counted from its first address. While
 * there are at most 2^20, every slot has a row and row = slot. In larger pools only slots that a block touches have one, in
 * ascending order, and the column `slot` says which.
 *
 *     slot    u64           only in larger pools
 *     used    u8 or u16     0: unclaimed; n + 1: n addresses are in use, as calicoctl counts them (cooling ones included)
 *     flags   u8            `poolMapFlags`, or-ed
 *     node    u16 or u32    only on request; 0: no owner, or none that is a node; n + 1: `header.nodes[n]` owns the block
 */
export interface PoolMapHeader {
  /** `{epoch}.{sequence}` of the inventory it was first made from; a map that stays the same keeps it. */
  readonly version: string;
  readonly pool: string;
  readonly cidr: string;
  readonly blockSize: number;
  /** Addresses of a slot. */
  readonly capacity: number;
  /** Slots of the pool, in decimal digits. */
  readonly possible: string;
  readonly rows: number;
  readonly nodes: readonly string[] | null;
  /** Why some flags are set nowhere: without reservations nothing is called reserved, without affinities nothing unsettled. Absent: all is known. */
  readonly unknown?: readonly Unknown[];
  readonly columns: readonly {
    readonly name: ColumnName;
    readonly type: ColumnType;
    readonly bytes: number;
  }[];
}

type ColumnName = "slot" | "used" | "flags" | "node";
type ColumnType = "u8" | "u16" | "u32" | "u64";

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
} as const;
export type PoolMapFlag = keyof typeof poolMapFlags;

/** Beyond this many slots only touched ones have a row. */
export const mostDenseSlots = 1n << 20n;

export interface PoolMap {
  readonly header: PoolMapHeader;
  /** Null: row = slot. */
  readonly slot: BigUint64Array | null;
  readonly used: Uint8Array | Uint16Array;
  readonly flags: Uint8Array;
  readonly node: Uint16Array | Uint32Array | null;
}

type Column = NonNullable<PoolMap[ColumnName]>;

/** `columns` of the header are filled in here. */
export function encodePoolMap(
  map: Omit<PoolMap, "header"> & { header: Omit<PoolMapHeader, "columns"> },
): Uint8Array<ArrayBuffer> {
  const columns = (["slot", "used", "flags", "node"] as const).flatMap((name) => {
    const values = map[name];
    return values ? [{ name, values, type: typeOf(values), bytes: values.byteLength }] : [];
  });
  const header: PoolMapHeader = {
    ...map.header,
    columns: columns.map(({ name, type, bytes }) => ({ name, type, bytes })),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = padded(text.length);
  const length = columns.reduce((sum, { bytes }) => sum + padded(bytes), 8 + headerLength);
  const out = new Uint8Array(length);
  out.set(new TextEncoder().encode("PBM1"));
  new DataView(out.buffer).setUint32(4, headerLength, true);
  out.fill(0x20, 8, 8 + headerLength);
  out.set(text, 8);
  let at = 8 + headerLength;
  for (const { values, bytes } of columns) {
    out.set(new Uint8Array(values.buffer, values.byteOffset, bytes), at);
    at += padded(bytes);
  }
  return out;
}

/** Reads what `encodePoolMap` wrote; the columns look into the buffer. Throws RangeError on anything else. */
export function decodePoolMap(buffer: ArrayBuffer): PoolMap {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(0, 4)) !== "PBM1")
    throw new RangeError("not a pool map");
  const headerLength = new DataView(buffer).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength))) as PoolMapHeader;
  const found = new Map<ColumnName, Column>();
  let at = 8 + headerLength;
  for (const { name, type, bytes: length } of header.columns) {
    if (at + length > buffer.byteLength) throw new RangeError("the pool map ends early");
    found.set(name, columnAt(buffer, at, type, length));
    at += padded(length);
  }
  const [slot, used, flags, node] = [
    found.get("slot"),
    found.get("used"),
    found.get("flags"),
    found.get("node"),
  ];
  if (!(used instanceof Uint8Array || used instanceof Uint16Array) || !(flags instanceof Uint8Array)) {
    throw new RangeError("the pool map lacks a column");
  }
  return {
    header,
    slot: slot instanceof BigUint64Array ? slot : null,
    used,
    flags,
    node: node instanceof Uint16Array || node instanceof Uint32Array ? node : null,
  };
}

function columnAt(buffer: ArrayBuffer, at: number, type: ColumnType, bytes: number): Column {
  switch (type) {
    case "u8":
      return new Uint8Array(buffer, at, bytes);
    case "u16":
      return new Uint16Array(buffer, at, bytes / 2);
    case "u32":
      return new Uint32Array(buffer, at, bytes / 4);
    case "u64":
      return new BigUint64Array(buffer, at, bytes / 8);
  }
}

function typeOf(values: Column): ColumnType {
  if (values instanceof Uint8Array) return "u8";
  if (values instanceof Uint16Array) return "u16";
  return values instanceof Uint32Array ? "u32" : "u64";
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** The same map for people: claimed slots only. */
export interface PoolMapJson {
  readonly version: string;
  readonly pool: string;
  readonly cidr: string;
  readonly blockSize: number;
  readonly capacity: number;
  readonly possible: string;
  readonly unknown?: readonly Unknown[];
  readonly slots: readonly {
    /** Decimal digits. */
    readonly slot: string;
    /** Null: unclaimed (listed because it is reserved). */
    readonly used: number | null;
    readonly flags: readonly PoolMapFlag[];
    readonly node: string | null;
  }[];
}

export function poolMapJson({ header, slot, used, flags, node }: PoolMap): PoolMapJson {
  const { version, pool, cidr, blockSize, capacity, possible, unknown } = header;
  const rows = Array.from({ length: header.rows }, (_, row) => row).filter(
    (row) => used[row] !== 0 || flags[row] !== 0,
  );
  const names = Object.keys(poolMapFlags) as PoolMapFlag[];
  return {
    version,
    pool,
    cidr,
    blockSize,
    capacity,
    possible,
    ...(unknown ? { unknown } : {}),
    slots: rows.map((row) => {
      const inUse = used[row] ?? 0;
      const owner = node?.[row] ?? 0;
      return {
        slot: String(slot?.[row] ?? row),
        used: inUse === 0 ? null : inUse - 1,
        flags: names.filter((name) => ((flags[row] ?? 0) & poolMapFlags[name]) !== 0),
        node: owner === 0 ? null : (header.nodes?.[owner - 1] ?? null),
      };
    }),
  };
}
