import type { List } from "../../contract/common.ts";
import type { Node, NodeQuery } from "../../contract/nodes.ts";
import { parseAddress } from "../../ipam/address.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import type { NodeRow } from "../../inventory/node-row.ts";
import { type Compare, compareText } from "../../inventory/table.ts";
import type { NodeTally } from "../../inventory/tally.ts";
import { orderOf, pageOf, textFilter, unreadable } from "./list-query.ts";
import { remembered } from "./remembered.ts";
import { requireReady, unknownOf, withUnknown } from "./ready.ts";

const nothing: NodeTally = { blocks: 0, used: 0, borrowed: 0 };

/** Calico's own limit where the configuration says 0. Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go */
const builtInBlockLimit = 20;

/** Nodes by name unless sorted otherwise. `pool`: those that own a block or hold an address in it. */
export function listNodes(inventory: Inventory, query: NodeQuery): List<Node> {
  requireReady(inventory);
  const asked: readonly Kind[] = query.pool === undefined ? ["nodes"] : ["nodes", "blocks", "pools"];
  const missing = unknownOf(inventory, "items", ...asked);
  if (missing) return unreadable(missing);
  const { compare } = orderOf(query.sort, ordersOf(inventory));
  const matches = textFilter(query.q);
  const inPool = query.pool === undefined ? null : nodesIn(inventory, query.pool);
  const rows = inventory.nodes.table
    .ordered("name", (one, other) => compareText(one.name, other.name))
    .filter(
      (row) =>
        (inPool === null || inPool.has(row.name)) &&
        (matches === null || matches(row.name, ...row.addresses, ...row.tunnels.map((tunnel) => tunnel.ip))),
    );
  return pageOf(query.sort === undefined ? rows : rows.sort(compare), query, (row) => toNode(inventory, row));
}

function toNode(inventory: Inventory, row: NodeRow): Node {
  const tally = tallyOf(inventory, row);
  const blocks = unknownOf(inventory, "blocks", "blocks");
  const config = unknownOf(inventory, "blockLimit", "ipamConfig");
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
      poolsMissing,
    ),
  };
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

function nodesIn(inventory: Inventory, pool: string): ReadonlySet<string> {
  return remembered(inventory, `nodes in ${pool}`, () => {
    const names = new Set<string>();
    if (!inventory.space.pools.get("", pool)) return names;
    for (const { owner, content } of inventory.space.tallies.pool(pool).blocks) {
      if (owner?.type === "host") names.add(owner.name);
      for (let index = 0; index < content.allocationCount; index++) {
        const node = inventory.interner.text(content.nodeId(index));
        if (node !== null) names.add(node);
      }
    }
    return names;
  });
}

function ordersOf(inventory: Inventory): ReadonlyMap<string, Compare<NodeRow>> {
  const by =
    (field: keyof NodeTally): Compare<NodeRow> =>
    (one, other) =>
      tallyOf(inventory, one)[field] - tallyOf(inventory, other)[field] || compareText(one.name, other.name);
  return new Map<string, Compare<NodeRow>>([
    ["name", (one, other) => compareText(one.name, other.name)],
    ["ready", (one, other) => Number(one.ready) - Number(other.ready) || compareText(one.name, other.name)],
    ["blocks", by("blocks")],
    ["used", by("used")],
    ["borrowed", by("borrowed")],
  ]);
}
