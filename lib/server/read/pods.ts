import type { List } from "../../contract/common.ts";
import type { Pod, PodQuery } from "../../contract/pods.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { formatPodIp, podAddress, type PodIp, type PodRow } from "../../inventory/pod-row.ts";
import { type Compare, compareNullable, compareText } from "../../inventory/table.ts";
import { mayNameAddress, orderOf, pageOf, textFilter, unreadable } from "./list-query.ts";
import { podFailure } from "./pod-failure.ts";
import { remembered } from "./remembered.ts";
import { requireReady, unknownOf, withUnknown } from "./ready.ts";

const byName: Compare<PodRow> = (one, other) =>
  compareText(one.namespace, other.namespace) || compareText(one.name, other.name);
const thenByName =
  (compare: Compare<PodRow>): Compare<PodRow> =>
  (one, other) =>
    compare(one, other) || byName(one, other);

const orders: ReadonlyMap<string, Compare<PodRow>> = new Map<string, Compare<PodRow>>([
  ["namespace", byName],
  ["name", thenByName((one, other) => compareText(one.name, other.name))],
  ["node", thenByName((one, other) => compareNullable(one.node, other.node))],
  ["phase", thenByName((one, other) => compareText(one.phase, other.phase))],
  ["createdAt", thenByName((one, other) => one.createdAt - other.createdAt)],
  ["ip", thenByName((one, other) => compareIps(one.ips[0], other.ips[0]))],
]);

/** Pods by namespace and name unless sorted otherwise. `q` looks into names, nodes and addresses. */
export function listPods(inventory: Inventory, query: PodQuery): List<Pod> {
  requireReady(inventory);
  const missing = unknownOf(inventory, "items", "pods", ...filteredBy(query));
  if (missing) return unreadable(missing);
  const { key, compare } = orderOf(query.sort, orders);
  const { limit: _limit, offset: _offset, sort: _sort, ...filters } = query;
  const all = inventory.pods.table.ordered(key, compare);
  const rows =
    Object.keys(filters).length === 0
      ? all
      : remembered(inventory, `pods ${key} ${JSON.stringify(filters)}`, () =>
          all.filter(filterOf(inventory, query)),
        );
  return pageOf(rows, query, (row) => toPod(inventory, row));
}

/** What the filters look at besides pods: without it they would leave out what nobody knows. */
function filteredBy({ pool, block, state }: PodQuery): readonly Kind[] {
  return [
    ...(pool === undefined ? [] : (["blocks", "pools"] as const)),
    ...(block === undefined ? [] : (["blocks"] as const)),
    ...(state === "noAddress" ? (["sandboxFailures"] as const) : []),
  ];
}

function filterOf(inventory: Inventory, query: PodQuery): (row: PodRow) => boolean {
  const matches = textFilter(query.q);
  const withAddresses = mayNameAddress(query.q);
  return (row) =>
    (query.namespace === undefined || row.namespace === query.namespace) &&
    (query.node === undefined || row.node === query.node) &&
    (query.state === undefined || podState(inventory, row) === query.state) &&
    (query.block === undefined || blocksOf(inventory, row).some((block) => block?.name === query.block)) &&
    (query.pool === undefined || poolsOf(inventory, row).includes(query.pool)) &&
    (matches === null ||
      matches(row.namespace, row.name, row.node, ...(withAddresses ? row.ips.map(formatPodIp) : [])));
}

function toPod(inventory: Inventory, row: PodRow): Pod {
  const state = podState(inventory, row);
  const waits = state === "noAddress" || (state === "pending" && row.node !== null && row.ips.length === 0);
  const failureMissing = waits
    ? (unknownOf(inventory, "failure", "sandboxFailures") ??
      (state === "noAddress" ? unknownOf(inventory, "failure", "pools", "namespaces") : null))
    : null;
  const poolsMissing = unknownOf(inventory, "pools", "blocks", "pools");
  const blocksMissing = unknownOf(inventory, "blocks", "blocks");
  return {
    namespace: row.namespace,
    name: row.name,
    uid: row.uid,
    node: row.node,
    phase: row.phase,
    ips: row.ips.map(formatPodIp),
    pools: poolsMissing ? null : poolsOf(inventory, row),
    blocks: blocksMissing ? null : blocksOf(inventory, row).flatMap((block) => block?.name ?? []),
    createdAt: `${new Date(row.createdAt * 1000).toISOString().slice(0, 19)}Z`,
    state,
    failure: state === "noAddress" ? podFailure(inventory, row) : null,
    ...withUnknown(
      poolsMissing,
      blocksMissing,
      failureMissing,
      state === "pending" && failureMissing ? { ...failureMissing, field: "state" } : null,
    ),
  };
}

/**
 * `noAddress`: on a node, without an address, and the kubelet has reported that its network could not be set up. Until it
 * does, the pod is pending like any other.
 */
function podState(inventory: Inventory, row: PodRow): Pod["state"] {
  if (row.finished) return "finished";
  if (row.hostNetwork) return "hostNetwork";
  if (row.ips.length === 0 && row.node !== null && inventory.pods.failureOf(row)) return "noAddress";
  return row.phase === "Pending" || row.ips.length === 0 ? "pending" : "running";
}

/** The block of each address, in their order; host-network pods have their node's, which are in none. */
function blocksOf({ space }: Inventory, row: PodRow): (BlockRow | null)[] {
  if (row.hostNetwork) return [];
  return row.ips.map((ip) => {
    if (typeof ip === "number") return space.blockAtIpv4(ip);
    const address = podAddress(ip);
    return address && space.blockWith(address);
  });
}

/** The pool of each address, each once; of an address in no block, the pool that contains it. */
function poolsOf(inventory: Inventory, row: PodRow): string[] {
  const { space } = inventory;
  const pools = blocksOf(inventory, row).map((block, index) => {
    if (block) return block.pool;
    const address = podAddress(row.ips[index] ?? "");
    return address ? (space.poolsWith(address)[0]?.name ?? null) : null;
  });
  return [...new Set(pools.filter((pool) => pool !== null))];
}

/** Pods without an address last; IPv4 before IPv6. */
function compareIps(one: PodIp | undefined, other: PodIp | undefined): number {
  const rank = (ip: PodIp | undefined) =>
    typeof ip === "number" ? 0 : typeof ip === "bigint" ? 1 : typeof ip === "string" ? 2 : 3;
  if (rank(one) !== rank(other)) return rank(one) - rank(other);
  if (one === undefined || other === undefined || one === other) return 0;
  return one < other ? -1 : 1;
}
