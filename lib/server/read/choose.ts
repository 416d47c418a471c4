import type { Unknown } from "../../contract/common.ts";
import type { Choice, ChoiceQuery } from "../../contract/choice.ts";
import { formatAddress } from "../../ipam/address.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import { type Chosen, choose } from "../../ipam/choose.ts";
import { triage } from "../../ipam/triage.ts";
import { calicoResource } from "../../inventory/calico-resource.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { resourceName } from "../../kube/paths.ts";
import { ipamSnapshot, snapshotKinds } from "./ipam-snapshot.ts";
import { cniConfigMissing, poolNames } from "./namespace-pools.ts";
import { notFound } from "./read-error.ts";
import { requireKind, requireReady, unknownOf, withUnknown } from "./ready.ts";
import { isWindows, triageFacts } from "./triage-facts.ts";

/**
 * What the next pod of a namespace gets on a node: each pool with a reason, and the address or Calico's error. Throws 404 for a
 * namespace or node that is not there, 403 where pools, nodes or namespaces may not be read.
 */
export function readChoice(inventory: Inventory, query: ChoiceQuery): Choice {
  requireReady(inventory);
  for (const kind of ["pools", "namespaces", "nodes"] as const) requireKind(inventory, kind);
  const namespace = inventory.namespaces.get("", query.namespace);
  if (!namespace) throw notFound("namespace", query.namespace);
  const node = inventory.nodes.table.get("", query.node);
  if (!node) throw notFound("node", query.node);
  const annotations = { 4: query.ipv4pools || null, 6: query.ipv6pools || null };
  const cni = inventory.detection?.cniPools;
  const chosen = choose({
    family: query.family,
    node: node.name,
    nodeLabels: (name) => inventory.nodes.table.get("", name)?.labels ?? null,
    namespace: namespace.name,
    namespaceLabels: namespace.labels,
    names: poolNames(inventory, namespace, annotations),
    ipFamilies: namespace.ipFamilies,
    familiesByConfig: [
      ...(cni?.assignIpv4 === false ? [] : [4 as const]),
      ...(cni?.assignIpv6 ? [6 as const] : []),
    ],
    refusal: refusal(inventory),
    pools: [...inventory.space.pools].map(({ pool }) => pool),
    snapshot: snapshotKinds.every((kind) => inventory.states.knows(kind)) ? ipamSnapshot(inventory) : null,
    now: BigInt(inventory.clock.now()) * 1_000_000n,
    windows: isWindows(node),
  });
  return {
    family: chosen.family,
    namespace: namespace.name,
    node: node.name,
    families: [...chosen.families],
    source: chosen.source,
    asked: chosen.asked,
    pools: chosen.pools.map(({ pool: { name, cidr }, eligible, reason }) => ({
      name,
      cidr: formatCidr(cidr),
      eligible,
      reason,
    })),
    ...placeOf(chosen),
    error: chosen.error,
    failure: chosen.error === null ? null : failureOf(inventory, query, annotations, chosen.error),
    ...withUnknown(...unknowns(inventory, chosen)),
  };
}

/** What the plugin says before it looks at a pod. Source: projectcalico/calico@87c1590 cni-plugin/pkg/plugin/plugin.go */
function refusal(inventory: Inventory): string | null {
  if (!inventory.states.knows("clusterInformation")) return null;
  const { clusterInformation } = inventory.settings;
  if (clusterInformation)
    return clusterInformation.datastoreReady === false
      ? "Calico is currently not ready to process requests"
      : null;
  const missing = `${resourceName(calicoResource(inventory, "ClusterInformation"))} "default" not found`;
  return `error getting ClusterInformation: resource does not exist: ClusterInformation(default) with error: ${missing}`;
}

type Place = Pick<Choice, "pool" | "block" | "blockHow" | "lender" | "ip">;

function placeOf({ found, isOpen }: Chosen): Place {
  if (found === null || isOpen) return { pool: null, block: null, blockHow: null, lender: null, ip: null };
  const { ip, block, pool, how, lender, isRandom } = found;
  return {
    pool: pool?.name ?? null,
    block: isRandom ? null : formatCidr(block),
    blockHow: how,
    lender: isRandom ? null : lender,
    ip: isRandom ? null : formatAddress(ip),
  };
}

function failureOf(
  inventory: Inventory,
  { namespace, node }: ChoiceQuery,
  annotations: { 4: string | null; 6: string | null },
  error: string,
): Choice["failure"] {
  const { code, cause, fixes } = triage(
    error,
    triageFacts(inventory, { namespace, name: null, node, annotations }),
  );
  return { code, cause, fixes: fixes.map((fix) => ({ ...fix })) };
}

/** The fields that an answer without an address leaves open, and why. */
function unknowns(inventory: Inventory, { found, error, isOpen }: Chosen): Unknown[] {
  const place = ["pool", "block", "blockHow", "ip"];
  if (isOpen)
    return ["source", "pools", ...place, "error"].flatMap((field) => cniConfigMissing(inventory, field));
  if (found?.isRandom) {
    const reason = "its blocks are single addresses, and Calico starts at a random one";
    return ["block", "ip"].map((field) => ({ field, reason }));
  }
  const notReady = unknownOf(inventory, "error", "clusterInformation");
  if (error !== null || found !== null) return notReady ? [notReady] : [];
  return [...place, "error"].flatMap((field) => unknownOf(inventory, field, ...snapshotKinds) ?? []);
}
