import type { BlockDetail, Block, BlockQuery } from "../../contract/blocks.ts";
import type { List, Unknown } from "../../contract/common.ts";
import { compareCidrs } from "../../ipam/cidr.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { type Compare, compareNullable, compareText } from "../../inventory/table.ts";
import { addressesOfBlock } from "./block-addresses.ts";
import { orderOf, pageOf, textFilter, unreadable } from "./list-query.ts";
import { notFound } from "./read-error.ts";
import { requireKind, requireReady, unknownOf, unreadableObjects, withUnknown } from "./ready.ts";

const orders: ReadonlyMap<string, Compare<BlockRow>> = new Map<string, Compare<BlockRow>>([
  ["cidr", (one, other) => compareCidrs(one.cidr, other.cidr)],
  ["name", (one, other) => compareText(one.name, other.name)],
  ["pool", (one, other) => compareNullable(one.pool, other.pool)],
  ["node", (one, other) => compareNullable(one.owner?.name ?? null, other.owner?.name ?? null)],
  ["capacity", (one, other) => one.counts.capacity - other.counts.capacity],
  ["used", (one, other) => one.counts.inUse - other.counts.inUse],
  ["reserved", (one, other) => one.counts.reserved - other.counts.reserved],
  ["cooling", (one, other) => one.counts.cooling - other.counts.cooling],
  ["free", (one, other) => one.counts.free - other.counts.free],
  ["lent", (one, other) => one.counts.lent - other.counts.lent],
  ["claimedAt", (one, other) => compareNullable(one.claimedAt, other.claimedAt)],
]);

/** Blocks in address order unless sorted otherwise. */
export function listBlocks(inventory: Inventory, query: BlockQuery): List<Block> {
  requireReady(inventory);
  const missing = unknownOf(inventory, "items", "blocks", ...filteredBy(query));
  if (missing) return unreadable(missing);
  const { key, compare } = orderOf(query.sort, orders);
  const byAddress: Compare<BlockRow> = (one, other) =>
    compare(one, other) || compareCidrs(one.cidr, other.cidr);
  const matches = textFilter(query.q);
  const rows = inventory.space.blocks
    .ordered(key, byAddress)
    .filter(
      (row) =>
        (query.pool === undefined || row.pool === query.pool) &&
        (query.outside === undefined || row.pool === null) &&
        (query.node === undefined || nodeOf(row) === query.node) &&
        (query.affinity === undefined || affinityOf(inventory, row) === query.affinity) &&
        (matches === null || matches(row.name, row.text, row.pool, nodeOf(row))),
    );
  const place = query.from === undefined ? -1 : rows.findIndex((row) => row.name === query.from);
  const asked = place < 0 ? query : { ...query, offset: place };
  const page = pageOf(rows, asked, (row) => toBlock(inventory, row));
  return {
    ...page,
    ...(place < 0 ? {} : { offset: place }),
    ...withUnknown(unreadableObjects(inventory, "blocks")),
  };
}

/** What the filters look at besides blocks: without it they would leave out what nobody knows. */
function filteredBy({ pool, outside, affinity }: BlockQuery): readonly Kind[] {
  return [
    ...(pool === undefined && outside === undefined ? [] : (["pools"] as const)),
    ...(affinity === undefined ? [] : (["affinities"] as const)),
  ];
}

/** One block with every address of it, free ones in runs. */
export function readBlock(inventory: Inventory, name: string): BlockDetail {
  requireReady(inventory);
  requireKind(inventory, "blocks");
  const row = inventory.space.blocks.get("", name);
  if (!row) throw notFound("block", name);
  const block = toBlock(inventory, row);
  // Reservations divide the runs of free addresses.
  const runs = unknownOf(inventory, "addresses", "reservations");
  return {
    ...block,
    addresses: addressesOfBlock(inventory, row),
    ...withUnknown(...(block.unknown ?? []), runs),
  };
}

export function toBlock(inventory: Inventory, row: BlockRow): Block {
  const { counts } = row;
  const reservationsMissing = unknownOf(inventory, "reserved", "reservations");
  const affinitiesMissing = row.owner ? unknownOf(inventory, "affinity", "affinities") : null;
  const poolsMissing = unknownOf(inventory, "pool", "pools");
  return {
    name: row.name,
    cidr: row.text,
    pool: row.pool,
    node: nodeOf(row),
    affinity: affinitiesMissing ? null : affinityOf(inventory, row),
    capacity: counts.capacity,
    // As calicoctl counts a block: cooling addresses are in use.
    used: counts.inUse,
    reserved: reservationsMissing ? null : counts.reserved,
    cooling: counts.cooling,
    free: reservationsMissing ? null : counts.free,
    lent: counts.lent,
    claimedAt: row.claimedAt,
    oddities: odditiesOf(inventory, row),
    ...withUnknown(
      reservationsMissing,
      reservationsMissing && { ...reservationsMissing, field: "free" },
      affinitiesMissing,
      poolsMissing,
      ...odditiesMissing(inventory, row),
    ),
  };
}

/** Null for a block of nobody, and of the LoadBalancer controller: that is no node. */
function nodeOf({ owner }: BlockRow): string | null {
  return owner?.type === "host" ? owner.name : null;
}

/** The state of the claim behind the block's owner. A block says itself who owns it; a claim that is not there is odd. */
function affinityOf(inventory: Inventory, row: BlockRow): NonNullable<Block["affinity"]> {
  return row.owner ? (inventory.space.claim(row.owner, row.cidr) ?? "none") : "none";
}

function odditiesMissing(inventory: Inventory, { owner }: BlockRow): (Unknown | null)[] {
  const judges = owner ? (["pools", "affinities", "nodes"] as const) : (["pools"] as const);
  return judges.map((kind) => unknownOf(inventory, "oddities", kind));
}

function odditiesOf(inventory: Inventory, row: BlockRow): string[] {
  const { space, states } = inventory;
  const found = [...row.oddities];
  if (row.owner && states.knows("affinities") && space.claim(row.owner, row.cidr) === null) {
    found.push(`${row.owner.name} owns the block, but has no BlockAffinity for it`);
  }
  if (row.pool !== null) {
    const pool = space.pools.get("", row.pool);
    if (pool && pool.pool.blockSize !== row.cidr.prefix) {
      found.push(`the block is a /${row.cidr.prefix}, the pool's blocks are /${pool.pool.blockSize}`);
    }
  } else if (states.knows("pools")) found.push("the block lies in no pool");
  if (row.owner?.type === "host" && states.knows("nodes") && !inventory.nodes.table.get("", row.owner.name)) {
    found.push(`the owner ${row.owner.name} is not a node of this cluster`);
  }
  return found;
}
