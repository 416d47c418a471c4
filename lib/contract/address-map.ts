import type { Unknown } from "./common.ts";
import {
  type ColumnEntry,
  decodeColumns,
  encodeColumns,
  idColumn,
  type Ids,
  narrowColumn,
} from "./pool-map-container.ts";

/**
 * The addresses of a part of a pool in columns ("PAM1", see `pool-map-container.ts`), one row each, from the first address of
 * `cidr` on. Blocks count wherever Calico lists them: an address that a pod holds is held in every pool that contains it.
 *
 *     state      u8            low four bits: position in `addressKinds`; above them `addressBits`, or-ed
 *     node       u16 or u32    0: none, or not known; n + 1: `header.nodes[n]` uses the address
 *     namespace  u16 or u32    0: none; n + 1: `header.namespaces[n]` is that of the pod, or VM, that holds it
 */
export interface AddressMapHeader {
  /** As in `PoolMapHeader`. */
  readonly version: string;
  readonly pool: string;
  /** Canonical. */
  readonly cidr: string;
  /** Addresses in it. */
  readonly count: number;
  readonly nodes: readonly string[];
  readonly namespaces: readonly string[];
  /** Why some bits are set nowhere: `reserved` without reservations, `leak` without pods or nodes. Absent: all is known. */
  readonly unknown?: readonly Unknown[];
  readonly columns: readonly ColumnEntry[];
}

/** Position = the number in the low four bits. `free`: in a block that is claimed, and nobody has it. */
export const addressKinds = [
  "unclaimed",
  "free",
  "pod",
  "tunnel",
  "loadBalancer",
  "vm",
  "windows",
  "other",
  "cooling",
] as const;
export type AddressKind = (typeof addressKinds)[number];

export const addressBits = {
  /** In use by another node than the owner of its block. */
  borrowed: 16,
  reserved: 32,
  /** A leak candidate. */
  leak: 64,
} as const;

/** More addresses are not answered at once. */
export const mostMapAddresses = 65_536;

export interface AddressMap {
  readonly header: AddressMapHeader;
  readonly state: Uint8Array;
  readonly node: Ids;
  readonly namespace: Ids;
}

const magic = "PAM1";

/** `columns` of the header are filled in here. */
export function encodeAddressMap({
  header,
  state,
  node,
  namespace,
}: Omit<AddressMap, "header"> & { header: Omit<AddressMapHeader, "columns"> }): Uint8Array<ArrayBuffer> {
  return encodeColumns(magic, header, { state, node, namespace });
}

/** Reads what `encodeAddressMap` wrote; the columns look into the buffer. Throws RangeError on anything else. */
export function decodeAddressMap(buffer: ArrayBuffer): AddressMap {
  const decoded = decodeColumns<AddressMapHeader>(magic, buffer);
  const { count } = decoded.header;
  const state = narrowColumn(decoded, "state", count);
  const node = idColumn(decoded, "node", count);
  const namespace = idColumn(decoded, "namespace", count);
  if (!(state instanceof Uint8Array) || !node || !namespace)
    throw new RangeError("the address map lacks a column");
  return { header: decoded.header, state, node, namespace };
}

/** What the address is, and the bits set on it, of one `state`. */
export function addressKind(state: number): AddressKind {
  return addressKinds[state & 15] ?? "other";
}
