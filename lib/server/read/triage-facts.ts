import type { Family } from "../../ipam/address.ts";
import { judgePools, poolsOfPod } from "../../ipam/choose-pools.ts";
import type { TriageFacts, TriagePool } from "../../ipam/triage.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { NodeRow } from "../../inventory/node-row.ts";
import { resourceName } from "../../kube/paths.ts";
import { poolNames } from "./namespace-pools.ts";
import { blockLimit } from "./nodes.ts";
import { remembered } from "./remembered.ts";

/** A pod, or any pod of a namespace (`name` null), on a node; `annotations`: its own, raw. */
export interface TriageSubject {
  readonly namespace: string;
  readonly name: string | null;
  readonly node: string | null;
  readonly annotations: { readonly [F in Family]: string | null } | null;
}

/** What is known now around a pod without an address. */
export function triageFacts(inventory: Inventory, subject: TriageSubject): TriageFacts {
  const namespace = inventory.namespaces.get("", subject.namespace);
  const annotationOf = (family: Family): TriageFacts["annotation"][Family] => {
    const own = subject.annotations?.[family] ?? null;
    if (own !== null) return { raw: own, on: "Pod" };
    const inherited = namespace?.annotations[family] ?? null;
    return inherited === null ? null : { raw: inherited, on: "Namespace" };
  };
  const { name, node } = subject;
  const row = node === null ? null : inventory.nodes.table.get("", node);
  const usable = usablePools(inventory, subject, row);
  return {
    pod: { namespace: subject.namespace, name, node, windows: row !== null && isWindows(row) },
    annotation: { 4: annotationOf(4), 6: annotationOf(6) },
    pools: remembered(inventory, "triage pools", () => triagePools(inventory)),
    usable: new Set([...usable[4], ...usable[6]]),
    configResource: resourceName(calicoResource(inventory, "IPAMConfiguration")),
    blocks: row === null ? null : blocksOfNode(inventory, row, usable),
  };
}

export function isWindows({ labels }: NodeRow): boolean {
  return labels["kubernetes.io/os"] === "windows";
}

function triagePools({ space, states }: Inventory): TriagePool[] {
  const counted = states.knows("blocks") && states.knows("reservations");
  return [...space.pools].map((row) => {
    const { freeOutsideBlocks, blocksLeft } = space.space(row);
    const free = BigInt(space.tallies.pool(row.name).free) + freeOutsideBlocks;
    return { pool: row.pool, free: counted ? free : null, blocksLeft: counted ? blocksLeft : null };
  });
}

type Usable = { readonly [F in Family]: readonly string[] };

/** Many pods that fail ask the same of the same node. */
function usablePools(inventory: Inventory, subject: TriageSubject, node: NodeRow | null): Usable {
  const known = remembered(inventory, "triage usable", () => new Map<string, Usable>());
  const { namespace, annotations } = subject;
  const key = JSON.stringify([namespace, subject.node, annotations?.[4], annotations?.[6]]);
  const usable = known.get(key) ?? {
    4: usableIn(inventory, subject, node, 4),
    6: usableIn(inventory, subject, node, 6),
  };
  known.set(key, usable);
  return usable;
}

function usableIn(
  inventory: Inventory,
  subject: TriageSubject,
  node: NodeRow | null,
  family: Family,
): string[] {
  const namespace = inventory.namespaces.get("", subject.namespace);
  if (node === null || namespace === null) return [];
  const pools = [...inventory.space.pools].map(({ pool }) => pool);
  const { annotation } = poolsOfPod(
    poolNames(inventory, namespace, subject.annotations)[family],
    family,
    pools,
  );
  const windows = isWindows(node);
  const judged = judgePools({ pools, family, node, namespaceLabels: namespace.labels, windows }, annotation);
  return judged.pools.flatMap(({ pool, eligible }) => (eligible ? [pool.name] : []));
}

/** Calico counts per request, so per family: the one that is nearer to the limit tells. */
function blocksOfNode(inventory: Inventory, { name }: NodeRow, usable: Usable): TriageFacts["blocks"] {
  const limit = blockLimit(inventory);
  if (limit === null || !inventory.states.knows("blocks")) return null;
  const id = inventory.interner.find(name);
  const tally = id === null ? undefined : inventory.space.tallies.nodes.get(id);
  const held = ([4, 6] as const).map((family) =>
    usable[family].reduce((sum, pool) => sum + (tally?.pools.get(pool)?.blocks ?? 0), 0),
  );
  return { held: Math.max(...held), limit };
}
