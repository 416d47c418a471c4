import type { Node, NodeList, NodeQuery } from "../../contract/nodes.ts";
import { parseAddress } from "../../ipam/address.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import type { NodeRow } from "../../inventory/node-row.ts";
import { type Compare, compareText } from "../../inventory/table.ts";
import type { NodeTally } from "../../inventory/tally.ts";
import { byFigure, orderOf, pageOf, textFilter, unreadable } from "./list-query.ts";
import { requireReady, unknownOf, withUnknown } from "./ready.ts";
import { selectorFilter } from "./selector-filter.ts";

const nothing: NodeTally = { blocks: 0, used: 0, borrowed: 0, pools: new Map() };

/** Calico's own limit where the configuration says 0. Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go */
const builtInBlockLimit = 20;

/**
 * Nodes by name unless sorted otherwise. `pool`: those that own a block or hold an address in it; `inUse`, in the order and
 * in the sum, is then what they use there. `selector`: those that a pool with this `nodeSelector` would serve; throws 422 in
 * Calico's words when it is none.
 */
export function listNodes(inventory: Inventory, query: NodeQuery): NodeList {
  requireReady(inventory);
  const asked: readonly Kind[] = query.pool === undefined ? ["nodes"] : ["nodes", "blocks", "pools"];
  const missing = unknownOf(inventory, "items", ...asked);
  if (missing) return { ...unreadable(missing), inUse: null };
  const { compare } = orderOf(query.sort, ordersOf(inventory, query.pool));
  const matches = textFilter(query.q);
  const isSelected = selectorFilter(query.selector);
  const { pool } = query;
  const rows = inventory.nodes.table
    .ordered("name", (one, other) => compareText(one.name, other.name))
    .filter(
      (row) =>
        isSelected(row.labels) &&
        (pool === undefined || tallyOf(inventory, row).pools.has(pool)) &&
        (matches === null || matches(row.name, ...row.addresses, ...row.tunnels.map((tunnel) => tunnel.ip))),
    );
  const blocksMissing = unknownOf(inventory, "inUse", "blocks");
  const inUse = rows.reduce((sum, row) => sum + inUseOf(inventory, row, pool), 0);
  const sorted = query.sort === undefined ? rows : rows.sort(compare);
  return {
    ...pageOf(sorted, query, (row) => toNode(inventory, row)),
    inUse: blocksMissing ? null : String(inUse),
    ...withUnknown(blocksMissing),
  };
}

function inUseOf(inventory: Inventory, row: NodeRow, pool: string | undefined): number {
  const tally = tallyOf(inventory, row);
  return pool === undefined ? tally.used : (tally.pools.get(pool)?.used ?? 0);
}

function toNode(inventory: Inventory, row: NodeRow): Node {
  const tally = tallyOf(inventory, row);
  const blocks = unknownOf(inventory, "blocks", "blocks");
  const config = unknownOf(inventory, "blockLimit", "ipamConfig");
  const sharesMissing = unknownOf(inventory, "pools", "blocks", "pools");
  const poolsMissing = row.tunnels.length === 0 ? null : unknownOf(inventory, "tunnels", "pools", "blocks");
  return {
    name: row.name,
    ready: row.ready,
    labels: { ...row.labels },
    addresses: [...row.addresses],
    blocks: blocks ? null : tally.blocks,
    blockLimit: blockLimit(inventory),
    used: blocks ? null : tally.used,
    borrowed: blocks ? null : tally.borrowed,
    pools: sharesMissing ? null : sharesOf(tally),
    tunnels: row.tunnels.map(({ type, ip }) => ({
      type,
      ip,
      pool: poolsMissing ? null : poolOf(inventory, ip),
    })),
    ...withUnknown(
      blocks,
      blocks && { ...blocks, field: "used" },
      blocks && { ...blocks, field: "borrowed" },
      config,
      sharesMissing,
      poolsMissing,
    ),
  };
}

/** Pools by name; what lies outside every pool comes last. */
function sharesOf({ pools }: NodeTally): NonNullable<Node["pools"]> {
  return [...pools]
    .map(([pool, share]) => ({ pool, ...share }))
    .sort((one, other) =>
      one.pool === null ? 1 : other.pool === null ? -1 : compareText(one.pool, other.pool),
    );
}

/** Blocks a node may hold in the pools of one request; null: the configuration cannot be read. */
export function blockLimit({ settings, states }: Inventory): number | null {
  if (!states.knows("ipamConfig")) return null;
  return settings.ipamConfig?.maxBlocksPerHost || builtInBlockLimit;
}

function tallyOf({ space, interner }: Inventory, row: NodeRow): NodeTally {
  const id = interner.find(row.name);
  return (id === null ? undefined : space.tallies.nodes.get(id)) ?? nothing;
}

/** The pool that Calico would charge the address to: that of its block, else the first that contains it. */
function poolOf({ space }: Inventory, ip: string): string | null {
  try {
    const address = parseAddress(ip);
    return space.blockWith(address)?.pool ?? space.poolsWith(address)[0]?.name ?? null;
  } catch {
    return null;
  }
}

function ordersOf(inventory: Inventory, pool: string | undefined): ReadonlyMap<string, Compare<NodeRow>> {
  const byName: Compare<NodeRow> = (one, other) => compareText(one.name, other.name);
  const by = (field: "blocks" | "used" | "borrowed") =>
    byFigure<NodeRow>((row) => tallyOf(inventory, row)[field], byName);
  return new Map<string, Compare<NodeRow>>([
    ["name", byName],
    ["ready", byFigure((row) => Number(row.ready), byName)],
    ["blocks", by("blocks")],
    ["used", by("used")],
    ["borrowed", by("borrowed")],
    // Asked for the other way round: then names ascend.
    [
      "inUse",
      byFigure(
        (row) => inUseOf(inventory, row, pool),
        (one, other) => byName(other, one),
      ),
    ],
  ]);
}
