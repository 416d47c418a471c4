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
  const basis = `${space.poolsRevision} ${nodes.eligibilityRevision} ${inventory.states.knows("nodes")}`;
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
    });
  const found = { basis, pools: { 4: of(4), 6: of(6) } };
  judged.set(row, found);
  return found.pools;
}

/** Nodes that the pool's selector matches; null: it is no selector, or nodes cannot be read. */
export function eligibleNodes(inventory: Inventory, pool: Pool): number | null {
  return inventory.states.knows("nodes") ? inventory.nodes.eligible(pool.nodeSelector) : null;
}
