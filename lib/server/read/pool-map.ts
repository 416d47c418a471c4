import { encodePoolMap, type MapColumn, mapColumns, poolMapFlags } from "../../contract/pool-map.ts";
import { type PoolMapJson, poolMapJson } from "../../contract/pool-map-json.ts";
import { familyBits } from "../../ipam/address.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import { rangesWithin } from "../../ipam/cidr-set.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { borrowersOf, claimedSeconds, inUseBetween, lentBetween } from "./pool-map-block.ts";
import { type EncodedMap, encodedMap } from "./pool-map-encoded.ts";
import { hasLeak } from "./pool-map-leaks.ts";
import { NameColumn, narrow } from "./pool-map-names.ts";
import { NamespacesOfRows } from "./pool-map-namespaces.ts";
import { PoolMapRows } from "./pool-map-rows.ts";
import { poolNamed } from "./pools.ts";
import { requireKind, unknownOf, withUnknown } from "./ready.ts";

type MapWithoutColumns = Parameters<typeof encodePoolMap>[0];

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
    return (version) => encodePoolMap({ ...map, header: { ...map.header, version } });
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
  const { possibleBlocks } = inventory.space.space(row);
  const capacity = 2 ** (familyBits(cidr.family) - blockSize);
  const blocks = [...inventory.space.tallies.pool(row.name).blocks];
  const rows = new PoolMapRows(row.pool, possibleBlocks, blocks);
  const counts = () => (capacity <= 254 ? new Uint8Array(rows.length) : new Uint16Array(rows.length));
  const used = counts();
  const flags = new Uint16Array(rows.length);
  const owners = columns.has("node") ? new NameColumn<string>(rows.length) : null;
  const namespaces = columns.has("namespace") ? new NamespacesOfRows() : null;
  const claimed = columns.has("claimed") ? new Uint32Array(rows.length) : null;
  const lent = columns.has("lent") ? counts() : null;
  const borrowers = borrowersOf(blocks, inventory.interner);

  for (const block of blocks) {
    const mark = flagsOf(inventory, row, block, borrowers);
    const since = claimed ? claimedSeconds(block) : 0;
    rows.each(block, (at, first, last) => {
      used[at] = Math.min((used[at] || 1) + inUseBetween(block, first, last), capacity + 1);
      const leak = hasLeak(inventory, block, first, last) ? poolMapFlags.leak : 0;
      flags[at] = (flags[at] ?? 0) | mark | leak;
      if (block.owner?.type === "host") owners?.set(at, block.owner.name);
      namespaces?.add(at, block, first, last);
      if (claimed && since > 0) claimed[at] = Math.min(claimed[at] || since, since);
      if (lent)
        lent[at] = Math.min((lent[at] ?? 0) + lentBetween(block, inventory.interner, first, last), capacity);
    });
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
    possible: String(possibleBlocks),
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

function flagsOf(
  { space, states, interner }: Inventory,
  { pool }: PoolRow,
  block: BlockRow,
  borrowers: ReadonlySet<number>,
): number {
  const { owner, counts, oddities, cidr } = block;
  const claim = owner && states.knows("affinities") ? space.claim(owner, cidr) : "confirmed";
  return (
    (owner ? 0 : poolMapFlags.noOwner) |
    (counts.lent > 0 ? poolMapFlags.lends : 0) |
    (counts.cooling > 0 ? poolMapFlags.cooling : 0) |
    (claim === "confirmed" ? 0 : poolMapFlags.unsettled) |
    (oddities.length > 0 || cidr.prefix !== pool.blockSize ? poolMapFlags.odd : 0) |
    (owner?.type === "host" && borrowers.has(interner.id(owner.name)) ? poolMapFlags.borrows : 0)
  );
}
