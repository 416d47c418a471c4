import { sandboxFailureText } from "../../calico/pod.ts";
import type { PodFailure } from "../../contract/pods.ts";
import type { Family } from "../../ipam/address.ts";
import { triage, type Triage, type TriageFacts, type TriagePool } from "../../ipam/triage.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PodRow } from "../../inventory/pod-row.ts";
import { resourceName } from "../../kube/paths.ts";
import { blockLimit } from "./nodes.ts";
import { remembered } from "./remembered.ts";

/** Why the pod has no address: Calico's own words, what they mean with the numbers of now, and what can be done. */
export function podFailure(inventory: Inventory, row: PodRow): PodFailure | null {
  const failure = inventory.pods.failureOf(row);
  if (!failure) return null;
  const message = sandboxFailureText(failure.message);
  const { code, cause, fixes } = explain(inventory, row, message);
  return {
    message,
    code,
    cause,
    fixes: fixes.map((fix) => ({ ...fix })),
    at: failure.at === 0 ? null : new Date(failure.at).toISOString(),
  };
}

/** Without pools and namespaces nobody knows what the pod asked for, and whether it is there. */
function explain(inventory: Inventory, row: PodRow, message: string): Triage {
  const missing = inventory.states.missing("pools") ?? inventory.states.missing("namespaces");
  if (!missing) return triage(message, factsAround(inventory, row));
  return { code: "unknown", cause: `Why cannot be said: ${missing.reason}.`, fixes: [] };
}

function factsAround(inventory: Inventory, row: PodRow): TriageFacts {
  const namespace = inventory.namespaces.get("", row.namespace);
  const annotationOf = (family: Family): TriageFacts["annotation"][Family] => {
    const own = row.annotations?.[family] ?? null;
    if (own !== null) return { raw: own, on: "Pod" };
    const inherited = namespace?.annotations[family] ?? null;
    return inherited === null ? null : { raw: inherited, on: "Namespace" };
  };
  return {
    pod: { namespace: row.namespace, name: row.name, node: row.node },
    annotation: { 4: annotationOf(4), 6: annotationOf(6) },
    pools: remembered(inventory, "triage pools", () => triagePools(inventory)),
    configResource: resourceName(calicoResource(inventory, "IPAMConfiguration")),
    blocks: blocksOfNode(inventory, row.node),
  };
}

function triagePools({ space, states }: Inventory): TriagePool[] {
  const counted = states.knows("blocks") && states.knows("reservations");
  return [...space.pools].map((row) => {
    const { freeOutsideBlocks, blocksLeft } = space.space(row);
    const free = BigInt(space.tallies.pool(row.name).free) + freeOutsideBlocks;
    return { pool: row.pool, free: counted ? free : null, blocksLeft: counted ? blocksLeft : null };
  });
}

function blocksOfNode(inventory: Inventory, node: string | null): TriageFacts["blocks"] {
  const limit = blockLimit(inventory);
  if (node === null || limit === null || !inventory.states.knows("blocks")) return null;
  const id = inventory.interner.find(node);
  return { held: (id === null ? undefined : inventory.space.tallies.nodes.get(id)?.blocks) ?? 0, limit };
}
