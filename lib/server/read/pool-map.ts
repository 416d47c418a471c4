import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { encodePoolMap, poolMapFlags, type PoolMapJson, poolMapJson } from "../../contract/pool-map.ts";
import { familyBits } from "../../ipam/address.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import { rangesWithin } from "../../ipam/cidr-set.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { remembered } from "./remembered.ts";
import { PoolMapOwners, PoolMapRows } from "./pool-map-rows.ts";
import { poolNamed } from "./pools.ts";
import { requireKind, unknownOf, withUnknown } from "./ready.ts";

interface MapOptions {
  /** With the column of owners: larger, and only wanted when somebody colours by node. */
  readonly nodes?: boolean;
}

export interface EncodedMap {
  /** Of the content: a version of the inventory that changed something else has the same. */
  readonly etag: string;
  readonly version: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

type MapWithoutColumns = Parameters<typeof encodePoolMap>[0];

/** The pool's map, encoded and compressed once for everybody. Throws 403 when blocks may not be read. */
export function readPoolMap(inventory: Inventory, name: string, options: MapOptions = {}): EncodedMap {
  const row = poolNamed(inventory, name);
  requireKind(inventory, "blocks");
  const key = `map ${options.nodes === true} ${name}`;
  return remembered(inventory, key, () => encode(inventory, key, mapOf(inventory, row, options)));
}

export function readPoolMapJson(inventory: Inventory, name: string): PoolMapJson {
  const row = poolNamed(inventory, name);
  requireKind(inventory, "blocks");
  const map = mapOf(inventory, row, { nodes: true });
  return poolMapJson({ ...map, header: { ...map.header, columns: [] } });
}

const lastEncoded = new WeakMap<Inventory, Map<string, EncodedMap>>();

/** A map that is as it was keeps its version, and is not compressed again. */
function encode(inventory: Inventory, key: string, map: MapWithoutColumns): EncodedMap {
  const known = lastEncoded.get(inventory) ?? new Map<string, EncodedMap>();
  lastEncoded.set(inventory, known);
  const before = known.get(key);
  if (before) {
    const same = encodePoolMap({ ...map, header: { ...map.header, version: before.version } });
    if (etagOf(same) === before.etag) return before;
  }
  const body = encodePoolMap(map);
  const encoded = {
    etag: etagOf(body),
    version: map.header.version,
    body,
    gzip: new Uint8Array(gzipSync(body)),
  };
  known.set(key, encoded);
  return encoded;
}

function etagOf(body: Uint8Array): string {
  return `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
}

function mapOf(inventory: Inventory, row: PoolRow, { nodes = false }: MapOptions): MapWithoutColumns {
  const { cidr, blockSize } = row.pool;
  const { possibleBlocks } = inventory.space.space(row);
  const capacity = 2 ** (familyBits(cidr.family) - blockSize);
  const blocks = [...inventory.space.tallies.pool(row.name).blocks];
  const rows = new PoolMapRows(row.pool, possibleBlocks, blocks);
  const used = capacity <= 254 ? new Uint8Array(rows.length) : new Uint16Array(rows.length);
  const flags = new Uint8Array(rows.length);
  const owners = new PoolMapOwners(rows.length);

  for (const block of blocks) {
    const mark = flagsOf(inventory, row, block);
    rows.each(block, (at, first, last) => {
      used[at] = Math.min((used[at] || 1) + inUseBetween(block, first, last), capacity + 1);
      flags[at] = (flags[at] ?? 0) | mark;
      owners.set(at, block.owner?.type === "host" ? block.owner.name : null);
    });
  }
  for (const range of rangesWithin(inventory.space.reservedSet, cidr)) {
    rows.reserved(range, (at, whole) => {
      flags[at] = (flags[at] ?? 0) | (whole ? poolMapFlags.reserved : poolMapFlags.partlyReserved);
    });
  }
  const header = {
    version: inventory.version,
    pool: row.name,
    cidr: formatCidr(cidr),
    blockSize,
    capacity,
    possible: String(possibleBlocks),
    rows: rows.length,
    nodes: nodes ? owners.names : null,
    ...withUnknown(
      unknownOf(inventory, "slots", "reservations"),
      unknownOf(inventory, "slots", "affinities"),
    ),
  };
  return { header, slot: rows.slots, used, flags, node: nodes ? owners.column() : null };
}

function flagsOf({ space, states }: Inventory, { pool }: PoolRow, block: BlockRow): number {
  const claim =
    block.owner && states.knows("affinities") ? space.claim(block.owner, block.cidr) : "confirmed";
  return (
    (block.owner ? 0 : poolMapFlags.noOwner) |
    (block.counts.lent > 0 ? poolMapFlags.lends : 0) |
    (block.counts.cooling > 0 ? poolMapFlags.cooling : 0) |
    (claim === "confirmed" ? 0 : poolMapFlags.unsettled) |
    (block.oddities.length > 0 || block.cidr.prefix !== pool.blockSize ? poolMapFlags.odd : 0)
  );
}

/** Addresses in use among the ordinals; of a whole block, the figure that calicoctl prints. */
function inUseBetween({ content, counts }: BlockRow, first: number, last: number): number {
  if (first === 0 && last === content.size - 1) return counts.inUse;
  let used = 0;
  for (let ordinal = first; ordinal <= last; ordinal++) if (content.slot(ordinal) >= 0) used += 1;
  return used;
}
