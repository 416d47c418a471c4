import type { List } from "../../contract/common.ts";
import type { Pod, PodQuery } from "../../contract/pods.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { podFields } from "../../inventory/pod-order.ts";
import { formatPodIp } from "../../inventory/pod-row.ts";
import { type Pageable, pageOf, sortOf, unreadable } from "./list-query.ts";
import { podFailure } from "./pod-failure.ts";
import { blocksOf, podFilter, poolsOf } from "./pod-filter.ts";
import { podState } from "./pod-state.ts";
import { requireReady, unknownOf, withUnknown } from "./ready.ts";

/**
 * Pods by namespace and name unless sorted otherwise. `q` looks into names, nodes and addresses. Rejects with the signal's
 * reason when that is aborted.
 */
export async function listPods(
  inventory: Inventory,
  query: PodQuery,
  signal: AbortSignal | null = null,
): Promise<List<Pod>> {
  requireReady(inventory);
  const missing = unknownOf(inventory, "items", "pods", ...filteredBy(query));
  if (missing) return unreadable(missing);
  const { field, descending } = sortOf(query.sort, podFields);
  const filter = podFilter(inventory, query);
  return inventory.pods.lists.ask({ field, filter }, signal, (slots) =>
    pageOf(descending ? backwards(slots) : slots, query, (slot) => toPod(inventory, slot)),
  );
}

/** Ascending rows from their end. */
function backwards(slots: Uint32Array): Pageable<number> {
  const { length } = slots;
  return {
    length,
    slice: (start, end) => slots.slice(Math.max(0, length - end), length - start).toReversed(),
  };
}

/** What the filters look at besides pods: without it they would leave out what nobody knows. */
function filteredBy({ pool, block, state }: PodQuery): readonly Kind[] {
  return [
    ...(pool === undefined ? [] : (["blocks", "pools"] as const)),
    ...(block === undefined ? [] : (["blocks"] as const)),
    ...(state === "noAddress" ? (["sandboxFailures"] as const) : []),
  ];
}

function toPod(inventory: Inventory, slot: number): Pod {
  const row = inventory.pods.table.row(slot);
  const state = podState(inventory, slot);
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
    pools: poolsMissing ? null : poolsOf(inventory, slot),
    blocks: blocksMissing ? null : blocksOf(inventory, slot).flatMap((block) => block?.name ?? []),
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
