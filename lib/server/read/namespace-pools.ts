import type { Unknown } from "../../contract/common.ts";
import type { PoolNames } from "../../ipam/choose-pools.ts";
import { type EffectivePools, effectivePools } from "../../ipam/effective-pools.ts";
import type { Family } from "../../ipam/address.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { NamespaceRow } from "../../inventory/namespace-row.ts";

/** All that the judgement depends on besides the row. Numbers, not a text: 5,000 namespaces are looked through at once. */
interface Basis {
  readonly pools: number;
  readonly nodes: number;
  readonly knowsNodes: boolean;
  readonly asked: { readonly [F in Family]: boolean };
}

interface Known extends Basis {
  readonly found: Readonly<Record<Family, EffectivePools>>;
}

const judged = new WeakMap<NamespaceRow, Known>();

/** Where new pods of the namespace get their addresses; judged again only when a pool, or what its selectors match, changed. */
export function namespacePools(inventory: Inventory, row: NamespaceRow): Known["found"] {
  const { space, nodes, detection } = inventory;
  const asked = askedFamilies(inventory, row);
  const basis: Basis = {
    pools: space.poolsRevision,
    nodes: nodes.eligibilityRevision,
    knowsNodes: inventory.states.knows("nodes"),
    asked,
  };
  const known = judged.get(row);
  if (known && isSameBasis(known, basis)) return known.found;
  const pools = [...space.pools].map((pool) => pool.pool);
  const of = (family: Family) =>
    effectivePools({
      family,
      annotation: row.annotations[family],
      namespaceLabels: row.labels,
      pools,
      nodesOf: (pool) => eligibleNodes(inventory, pool),
      cniPools: detection?.cniPools?.[family] ?? [],
      asked: asked[family] || (family === 6 && detection?.cniPools?.assignIpv6 === true),
    });
  const found = { 4: of(4), 6: of(6) };
  judged.set(row, { ...basis, found });
  return found;
}

function isSameBasis(one: Basis, other: Basis): boolean {
  return (
    one.pools === other.pools &&
    one.nodes === other.nodes &&
    one.knowsNodes === other.knowsNodes &&
    one.asked[4] === other.asked[4] &&
    one.asked[6] === other.asked[6]
  );
}

/** Everything that can name pools for a pod of the namespace; `own`: the pod's annotations. */
export function poolNames(
  { detection }: Inventory,
  { annotations }: NamespaceRow,
  own: { readonly [F in Family]: string | null } | null,
): { readonly [F in Family]: PoolNames } {
  const of = (family: Family): PoolNames => ({
    pod: own?.[family] ?? null,
    namespace: annotations[family],
    cni: detection?.cniPools?.[family] ?? null,
  });
  return { 4: of(4), 6: of(6) };
}

/** What pods of the namespace hold they asked for. */
function askedFamilies({ space, interner }: Inventory, { name }: NamespaceRow): Basis["asked"] {
  const id = interner.find(name);
  const usage = id === null ? undefined : space.tallies.namespaces.get(id);
  const asked = { 4: false, 6: false };
  for (const pool of usage?.keys() ?? []) {
    const family = space.pools.get("", pool)?.pool.cidr.family;
    if (family !== undefined) asked[family] = true;
  }
  return asked;
}

/** Nodes that the pool's selector matches; null: it is no selector, or nodes cannot be read. */
export function eligibleNodes(inventory: Inventory, pool: Pool): number | null {
  return inventory.states.knows("nodes") ? inventory.nodes.eligible(pool.nodeSelector) : null;
}

/** The ConfigMaps that may hold the CNI configuration, of the manifest and of the operator. */
const cniConfigs = [
  { namespace: "kube-system", name: "calico-config" },
  { namespace: "calico-system", name: "cni-config" },
] as const;

/** An entry for each ConfigMap that would tell which pools the CNI configuration names; none when that is known. */
export function cniConfigMissing({ detection }: Inventory, field: string): Unknown[] {
  if (detection?.cniPools !== null) return [];
  return cniConfigs.map(({ namespace, name }) => ({
    field,
    reason: `the CNI configuration may name pools, and it cannot be read (get configmaps ${name} in ${namespace})`,
    permission: { verb: "get", group: "", resource: "configmaps", name, namespace },
  }));
}
