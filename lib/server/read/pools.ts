import type { List, Unknown } from "../../contract/common.ts";
import type { Pool, PoolQuery } from "../../contract/pools.ts";
import { defaultThresholds } from "../../format/level.ts";
import { compareCidrs, parseCidr } from "../../ipam/cidr.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { type Compare, compareText } from "../../inventory/table.ts";
import { serverConfig } from "../config.ts";
import { orderOf, pageOf, textFilter, unreadable } from "./list-query.ts";
import { poolRoom } from "./pool-room.ts";
import { poolSpec } from "./pool-spec.ts";
import { poolState } from "./pool-state.ts";
import { poolUsage } from "./pool-usage.ts";
import { notFound } from "./read-error.ts";
import { requireKind, requireReady, unknownOf, unreadableObjects, withUnknown } from "./ready.ts";

const byCount = (count: (pool: Pool) => string | null): Compare<Pool> => {
  const value = (pool: Pool) => BigInt(count(pool) ?? -1);
  return (one, other) => Number(value(one) > value(other)) - Number(value(one) < value(other));
};
const byText =
  (text: (pool: Pool) => string): Compare<Pool> =>
  (one, other) =>
    compareText(text(one), text(other));
const share = ({ usage }: Pool) => (usage.inUse === null ? -1 : Number(usage.inUse) / Number(usage.capacity));

/** Fields a list of pools can be sorted by; `usage` is the share in use. */
const orders: ReadonlyMap<string, Compare<Pool>> = new Map<string, Compare<Pool>>([
  ["name", byText((pool) => pool.name)],
  ["cidr", (one, other) => compareCidrs(parseCidr(one.cidr).cidr, parseCidr(other.cidr).cidr)],
  ["family", (one, other) => one.family - other.family],
  ["state", byText((pool) => pool.state.reason)],
  ["managedBy", byText((pool) => pool.managedBy.kind)],
  ["createdAt", byText((pool) => pool.createdAt)],
  ["blockSize", (one, other) => one.blockSize - other.blockSize],
  ["disabled", (one, other) => Number(one.disabled) - Number(other.disabled)],
  ["natOutgoing", (one, other) => Number(one.natOutgoing) - Number(other.natOutgoing)],
  ["usage", (one, other) => share(one) - share(other)],
  ["usage.capacity", byCount((pool) => pool.usage.capacity)],
  ["usage.inUse", byCount((pool) => pool.usage.inUse)],
  ["usage.reserved", byCount((pool) => pool.usage.reserved)],
  ["usage.free", byCount((pool) => pool.usage.free)],
  ["usage.cooling", byCount((pool) => pool.usage.cooling)],
  ["usage.borrowed", byCount((pool) => pool.usage.borrowed)],
  ["blocks.claimed", byCount((pool) => pool.blocks.claimed)],
  ["blocks.possible", byCount((pool) => pool.blocks.possible)],
  ["blocks.left", byCount((pool) => pool.blocks.left)],
  ["fragmentation.stranded", byCount((pool) => pool.fragmentation.stranded)],
  ["nodes.fit", byCount((pool) => (pool.nodes.serves ? pool.nodes.fit : null))],
  ["tunnelNodes", (one, other) => (one.tunnelNodes ?? -1) - (other.tunnelNodes ?? -1)],
]);

/** Pools by name unless sorted otherwise; filters and free text (name, CIDR, labels, selectors) apply together. */
export function listPools(inventory: Inventory, query: PoolQuery): List<Pool> {
  requireReady(inventory);
  const missing = unknownOf(inventory, "items", "pools");
  if (missing) return unreadable(missing);
  const matches = textFilter(query.q);
  const pools = [...inventory.space.pools]
    .map((row) => toPool(inventory, row))
    .filter(
      (pool) =>
        (query.family === undefined || pool.family === query.family) &&
        (query.state === undefined || pool.state.reason === query.state) &&
        (query.managedBy === undefined || pool.managedBy.kind === query.managedBy) &&
        (matches === null || matches(...textsOf(pool))),
    );
  const { compare } = orderOf(query.sort, orders);
  pools.sort((one, other) => compare(one, other) || compareText(one.name, other.name));
  return { ...pageOf(pools, query, (pool) => pool), ...withUnknown(unreadableObjects(inventory, "pools")) };
}

export function readPool(inventory: Inventory, name: string): Pool {
  return toPool(inventory, poolNamed(inventory, name));
}

/** The pool's row; throws as every read does, 404 when there is none, 403 when pools may not be read. */
export function poolNamed(inventory: Inventory, name: string): PoolRow {
  requireReady(inventory);
  requireKind(inventory, "pools");
  const row = inventory.space.pools.get("", name);
  if (!row) throw notFound("pool", name);
  return row;
}

export function toPool(inventory: Inventory, row: PoolRow): Pool {
  const { pool } = row;
  const { unknown = [], blocksLeft, ...usage } = poolUsage(inventory, row);
  const state = poolState(inventory, row);
  const stateUnknown = stateMissing(inventory, pool, state.reason);
  const { unknown: roomUnknown, ...room } = poolRoom(inventory, row, {
    allocatable: stateUnknown && state.allocatable ? null : state.allocatable,
    blocksLeft,
  });
  return {
    name: pool.name,
    uid: pool.uid,
    resourceVersion: pool.resourceVersion,
    createdAt: pool.createdAt,
    labels: { ...pool.labels },
    ...poolSpec(pool),
    family: pool.cidr.family,
    state,
    managedBy: row.managedBy,
    ...usage,
    ...room,
    thresholds: serverConfig()?.thresholds ?? defaultThresholds,
    ...withUnknown(stateUnknown, ...unknown, ...roomUnknown),
  };
}

/** What could still change the judgement: whether a node matches, or whether a disabled pool has addresses in use. */
function stateMissing(
  inventory: Inventory,
  { assignmentMode, nodeSelector }: PoolRow["pool"],
  reason: Pool["state"]["reason"],
): Unknown | null {
  if (reason === "PoolDisabled") return unknownOf(inventory, "state", "blocks");
  const chooses = assignmentMode === "Automatic" && !["", "all()"].includes(nodeSelector.trim());
  return reason === "OK" && chooses ? unknownOf(inventory, "state", "nodes") : null;
}

/** What free text looks into, in lower case: selectors and labels need not be. */
function textsOf(pool: Pool): string[] {
  const labels = Object.entries(pool.labels).map(([key, value]) => `${key}=${value}`);
  return [pool.name, pool.cidr, pool.nodeSelector, pool.namespaceSelector ?? "", ...labels].map((text) =>
    text.toLowerCase(),
  );
}
