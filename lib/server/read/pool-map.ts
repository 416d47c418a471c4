import { setImmediate } from "node:timers/promises";
import { encodePoolMap, type MapColumn, mapColumns, poolMapFlags } from "../../contract/pool-map.ts";
import { type PoolMapJson, poolMapJson } from "../../contract/pool-map-json.ts";
import { familyBits } from "../../ipam/address.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import { rangesWithin } from "../../ipam/cidr-set.ts";
import { blocksInPool } from "../../ipam/host-order.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { type EncodedMap, encodedMap } from "./pool-map-encoded.ts";
import { NameColumn, narrow } from "./pool-map-names.ts";
import { NamespacesOfRows } from "./pool-map-namespaces.ts";
import { PoolMapRows } from "./pool-map-rows.ts";
import { type BlockShare, sharesOf } from "./pool-map-shares.ts";
import { poolNamed } from "./pools.ts";
import { requireKind, unknownOf, withUnknown } from "./ready.ts";

type MapWithoutColumns = Parameters<typeof encodePoolMap>[0];

/**
 * Makes the pool's first map quick to read: what its blocks give to it is reckoned in steps, between which others are answered.
 * Without it the first map is the same and holds everything up; throws what `readPoolMap` throws.
 */
export async function preparePoolMap(inventory: Inventory, name: string): Promise<void> {
  const row = poolNamed(inventory, name);
  requireKind(inventory, "blocks");
  await sharesOf(inventory, row).prepare(inventory.space.tallies.pool(name).blocks, setImmediate);
}

/** The pool's map, encoded and compressed once for everybody. Throws 403 when blocks may not be read. */
export function readPoolMap(
  inventory: Inventory,
  name: string,
  columns: readonly MapColumn[] = [],
): EncodedMap {
  const row = poolNamed(inventory, name);
  requireKind(inventory, "blocks");
  return encodedMap(inventory, `map ${name} ${columns.join(",")}`, () => {
    const map = mapOf(inventory, row, new Set(columns));
    return (version, room) => encodePoolMap({ ...map, header: { ...map.header, version } }, room);
  });
}

export function readPoolMapJson(inventory: Inventory, name: string): PoolMapJson {
  const row = poolNamed(inventory, name);
  requireKind(inventory, "blocks");
  const map = mapOf(inventory, row, new Set(mapColumns));
  return poolMapJson({ ...map, header: { ...map.header, columns: [] } });
}

function mapOf(inventory: Inventory, row: PoolRow, columns: ReadonlySet<MapColumn>): MapWithoutColumns {
  const { cidr, blockSize } = row.pool;
  const capacity = 2 ** (familyBits(cidr.family) - blockSize);
  const kept = sharesOf(inventory, row);
  const shares = Array.from(inventory.space.tallies.pool(row.name).blocks, (block) => kept.of(block));
  const rows = new PoolMapRows(row.pool, () => slotsOf(shares));
  const counts = () => (capacity <= 254 ? new Uint8Array(rows.length) : new Uint16Array(rows.length));
  const used = counts();
  const flags = new Uint16Array(rows.length);
  const owners = columns.has("node") ? new NameColumn<string>(rows.length) : null;
  const namespaces = columns.has("namespace") ? new NamespacesOfRows() : null;
  const claimed = columns.has("claimed") ? new Uint32Array(rows.length) : null;
  const lent = columns.has("lent") ? counts() : null;
  const borrowers = new Set<number>();
  for (const share of shares) for (const node of share.borrowers) borrowers.add(node);

  for (const share of shares) {
    const mark = share.mark | (borrowers.has(share.ownerId) ? poolMapFlags.borrows : 0);
    const since = share.claimed;
    for (const part of share.parts) {
      const at = rows.rowOf(part.slot);
      if (at === null) continue;
      used[at] = Math.min((used[at] || 1) + part.used, capacity + 1);
      flags[at] = (flags[at] ?? 0) | mark | part.leak;
      if (share.owner !== null) owners?.set(at, share.owner);
      namespaces?.add(at, part.namespaces);
      if (claimed && since > 0) claimed[at] = Math.min(claimed[at] || since, since);
      if (lent) lent[at] = Math.min((lent[at] ?? 0) + part.lent, capacity);
    }
  }
  for (const range of rangesWithin(inventory.space.reservedSet, cidr)) {
    rows.reserved(range, (at, whole) => {
      flags[at] = (flags[at] ?? 0) | (whole ? poolMapFlags.reserved : poolMapFlags.partlyReserved);
    });
  }
  const most = namespaces?.column(rows.length, inventory.interner) ?? null;
  const header = {
    version: inventory.version,
    pool: row.name,
    cidr: formatCidr(cidr),
    blockSize,
    capacity,
    possible: String(blocksInPool(row.pool)),
    rows: rows.length,
    nodes: owners?.names ?? null,
    namespaces: most?.names ?? null,
    ...withUnknown(
      unknownOf(inventory, "slots", "reservations"),
      unknownOf(inventory, "slots", "affinities"),
      unknownOf(inventory, "slots", "pods"),
      unknownOf(inventory, "slots", "nodes"),
    ),
  };
  const node = owners?.column() ?? null;
  const namespace = most?.column() ?? null;
  return { header, slot: rows.slots, used, flags: narrow(flags), node, namespace, claimed, lent };
}

function* slotsOf(shares: readonly BlockShare[]): Iterable<bigint> {
  for (const { parts } of shares) for (const { slot } of parts) yield slot;
}
