import type { Unknown } from "../../contract/common.ts";
import type { PoolNames } from "../../ipam/choose-pools.ts";
import { type EffectivePools, effectivePools } from "../../ipam/effective-pools.ts";
import type { Family } from "../../ipam/address.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { NamespaceRow } from "../../inventory/namespace-row.ts";

interface Known {
  readonly basis: string;
  readonly pools: Readonly<Record<Family, EffectivePools>>;
}

const judged = new WeakMap<NamespaceRow, Known>();

/** Where new pods of the namespace get their addresses; judged again only when a pool, or what its selectors match, changed. */
export function namespacePools(inventory: Inventory, row: NamespaceRow): Known["pools"] {
  const { space, nodes, detection } = inventory;
  const asked = { 4: holdsAddresses(inventory, row, 4), 6: holdsAddresses(inventory, row, 6) };
  const basis = `${space.poolsRevision} ${nodes.eligibilityRevision} ${inventory.states.knows("nodes")} ${asked[4]} ${asked[6]}`;
  const known = judged.get(row);
  if (known?.basis === basis) return known.pools;
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
  const found = { basis, pools: { 4: of(4), 6: of(6) } };
  judged.set(row, found);
  return found.pools;
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
function holdsAddresses({ space, interner }: Inventory, { name }: NamespaceRow, family: Family): boolean {
  const id = interner.find(name);
  const usage = id === null ? undefined : space.tallies.namespaces.get(id);
  return [...(usage?.keys() ?? [])].some((pool) => space.pools.get("", pool)?.pool.cidr.family === family);
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
