import { encodePoolMap, type MapColumn, mapColumns, type PoolMap } from "../../contract/pool-map.ts";
import { type PoolMapJson, poolMapJson } from "../../contract/pool-map-json.ts";
import { encodePoolMapPatch } from "../../contract/pool-map-patch.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import { blocksInPool } from "../../ipam/host-order.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { type EncodedMap, encodedOnce } from "./pool-map-encoded.ts";
import type { KeptMap } from "./pool-map-kept.ts";
import { keptMapOf, prepare } from "./pool-map-memory.ts";
import { poolNamed } from "./pools.ts";
import { requireKind, unknownOf, withUnknown } from "./ready.ts";

/**
 * Makes the pool's map quick to read: what has changed of it is reckoned in steps, between which others are answered. Without
 * it the map is the same and holds everything up. Throws what `readPoolMap` throws; rejects with the signal's reason when that is
 * aborted.
 */
export async function preparePoolMap(
  inventory: Inventory,
  name: string,
  signal: AbortSignal | null = null,
): Promise<void> {
  await prepare(keptMap(inventory, name), signal);
}

/** The pool's map, encoded and compressed once for everybody. Throws 403 when blocks may not be read. */
export function readPoolMap(
  inventory: Inventory,
  name: string,
  columns: readonly MapColumn[] = [],
): EncodedMap {
  const map = currentMap(inventory, name);
  const { header, stamp } = headerOf(inventory, map, columns);
  return encodedOnce(map, `map ${columns.join(",")}`, { stamp, version: header.version }, () =>
    encodePoolMap({ header, slot: map.layout.rows.slots, ...map.layout.columns.asked(new Set(columns)) }),
  );
}

/** More rows than one in so many: the whole map is hardly larger. */
const leastShare = 8;

/**
 * What has changed of the map since the state; null: it is not remembered, or so much that the whole map is the better answer.
 * Throws what `readPoolMap` throws.
 */
export function readPoolMapPatch(
  inventory: Inventory,
  name: string,
  columns: readonly MapColumn[],
  state: string,
): EncodedMap | null {
  const map = currentMap(inventory, name);
  const { rows, journal, columns: kept } = map.layout;
  const since = journal.since(state);
  if (!since || since.rows.length > rows.length / leastShare) return null;
  const { header, stamp } = headerOf(inventory, map, columns);
  const { nodes, namespaces, unknown } = header;
  return encodedOnce(map, `since ${state} ${columns.join(",")}`, { stamp, version: header.version }, () =>
    encodePoolMapPatch(
      {
        since: state,
        version: header.version,
        state: header.state,
        nodes: nodes?.slice(since.nodes) ?? null,
        namespaces: namespaces?.slice(since.namespaces) ?? null,
        ...(unknown ? { unknown } : {}),
      },
      since.rows,
      kept.asked(new Set(columns)),
    ),
  );
}

export function readPoolMapJson(inventory: Inventory, name: string): PoolMapJson {
  return jsonOf(inventory, currentMap(inventory, name));
}

/** The map in words as it is, up to date or not. */
export function jsonOf(inventory: Inventory, map: KeptMap): PoolMapJson {
  const { header } = headerOf(inventory, map, mapColumns);
  const { rows, columns } = map.layout;
  return poolMapJson({
    header: { ...header, columns: [] },
    slot: rows.slots,
    ...columns.asked(new Set(mapColumns)),
  });
}

function keptMap(inventory: Inventory, name: string): KeptMap {
  const row = poolNamed(inventory, name);
  requireKind(inventory, "blocks");
  return keptMapOf(inventory, row);
}

function currentMap(inventory: Inventory, name: string): KeptMap {
  const map = keptMap(inventory, name);
  map.step(Number.POSITIVE_INFINITY);
  return map;
}

/** `stamp`: the same as long as the whole answer is. */
function headerOf(inventory: Inventory, map: KeptMap, columns: readonly MapColumn[]) {
  const { rows, columns: kept, journal } = map.layout;
  const { cidr, blockSize } = map.pool;
  const unknown = withUnknown(
    unknownOf(inventory, "slots", "reservations"),
    unknownOf(inventory, "slots", "affinities"),
    unknownOf(inventory, "slots", "pods"),
    unknownOf(inventory, "slots", "nodes"),
  );
  const { state, version } = journal.state(columns);
  const header: Omit<PoolMap["header"], "columns"> = {
    version,
    state,
    pool: map.name,
    cidr: formatCidr(cidr),
    blockSize,
    capacity: map.capacity,
    possible: String(blocksInPool(map.pool)),
    rows: rows.length,
    nodes: columns.includes("node") ? kept.nodes.names : null,
    namespaces: columns.includes("namespace") ? kept.namespaces.names : null,
    ...unknown,
  };
  return { header, stamp: `${state} ${JSON.stringify(unknown)}` };
}
