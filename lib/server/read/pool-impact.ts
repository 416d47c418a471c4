import type { Impact } from "../../contract/impact.ts";
import type { Family } from "../../ipam/address.ts";
import {
  type ImpactAction,
  type ImpactInput,
  type ImpactPinned,
  type Known,
  poolImpact,
} from "../../ipam/impact.ts";
import { type Cidr, cidrContainsCidr } from "../../ipam/cidr.ts";
import { hasPoolController } from "../../calico/dialect.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { isGuarded, type PoolRow } from "../../inventory/pool-row.ts";
import { cniConfigMissing } from "./namespace-pools.ts";
import { type PinnedTemplates, pinnedTemplates } from "./pod-templates.ts";
import { poolNamed } from "./pools.ts";
import { unknownOf, withUnknown } from "./ready.ts";

/**
 * What disabling, enabling or deleting the pool would do, from everything that has been read and the pod templates; these are read
 * over `connection`, with the rights of whoever asks. Null: they cannot be read.
 */
export async function readPoolImpact(
  inventory: Inventory,
  name: string,
  action: ImpactAction,
  connection: ClusterConnection | null = null,
): Promise<Impact> {
  const row = poolNamed(inventory, name);
  const templates: PinnedTemplates = connection
    ? await pinnedTemplates(connection)
    : { known: false, reason: "there is no connection to the cluster", missing: [] };
  const { confirm, statements } = poolImpact({ ...inputOf(inventory, row), action, templates });
  return {
    action,
    pool: name,
    confirm,
    undo: null,
    statements: statements.map((statement) => ({ ...statement, subject: { ...statement.subject } })),
    ...withUnknown(
      ...(templates.known ? [] : templates.missing.map((each) => ({ field: "statements", ...each }))),
      ...cniConfigMissing(inventory, "statements"),
      ...(["namespaces", "pods", "nodes", "blocks", "reservations"] as const).map((kind) =>
        unknownOf(inventory, "statements", kind),
      ),
    ),
  };
}

function inputOf(inventory: Inventory, row: PoolRow): Omit<ImpactInput, "action" | "templates"> {
  const { space, detection } = inventory;
  const isHeldWhileUsed = hasPoolController(detection?.apiMode ?? null) && isGuarded(row);
  return {
    pool: row.pool,
    pools: [...space.pools].map((one) => one.pool),
    namespaces: known(inventory, ["namespaces"], () => namespacesOf(inventory)),
    pinnedPods: known(inventory, ["pods"], () => pinnedPods(inventory)),
    nodes: known(inventory, ["nodes"], () => [...inventory.nodes.table]),
    use: known(inventory, ["blocks"], () => useOf(inventory, row, isHeldWhileUsed)),
    free: known(inventory, ["blocks", "reservations"], () => freeOf(inventory)),
    managedBy: row.managedBy,
    isHeldWhileUsed,
    cniPools: detection?.cniPools ?? { 4: [], 6: [] },
    asked: asksFor(inventory, row.pool.cidr.family),
  };
}

/** Unknown counts as asked: a warning too many is better than one too few. */
function asksFor({ space, states, detection }: Inventory, family: Family): boolean {
  if (family === 4 || !states.knows("blocks") || !detection?.cniPools || detection.cniPools.assignIpv6)
    return true;
  for (const { name, pool } of space.pools)
    if (pool.cidr.family === family && space.tallies.pool(name).byKind.pod > 0) return true;
  return false;
}

/**
 * Addresses are counted for the first pool of a range, by name; where pools overlap that is not what losing one of them means. A
 * pool that is held waits for every block in its range, and addresses that another pool covers lose nothing.
 */
function useOf({ space }: Inventory, { name, pool }: PoolRow, isHeldWhileUsed: boolean) {
  const others = [...space.overlapGroup(pool.cidr)].filter(
    (other) => other.name !== name && !other.pool.deleting,
  );
  const isCovered = (block: Cidr) => others.some((other) => cidrContainsCidr(other.pool.cidr, block));
  const blocks = space.blocksWithin(pool.cidr).filter(({ cidr }) => isHeldWhileUsed || !isCovered(cidr));
  const use = { inUse: 0n, pods: 0n, blocks: BigInt(blocks.length) };
  for (const { counts } of blocks) {
    use.inUse += BigInt(counts.inUse);
    use.pods += BigInt(counts.byKind.pod);
  }
  return use;
}

function known<T>({ states }: Inventory, kinds: readonly Kind[], value: () => T): Known<T> {
  for (const kind of kinds) {
    const missing = states.missing(kind);
    if (missing) return { known: false, reason: missing.reason };
  }
  return { known: true, value: value() };
}

/** With the living pods of each that take an address and ask for no pools themselves. */
function namespacesOf({ namespaces, pods, states }: Inventory) {
  return Array.from(namespaces, ({ name, labels, annotations }) => {
    let count = 0;
    for (const pod of pods.table.group(name))
      if (!pod.finished && !pod.hostNetwork && !pod.annotations) count += 1;
    return { name, labels, annotations, pods: states.knows("pods") ? count : null };
  });
}

function pinnedPods({ pods }: Inventory): ImpactPinned[] {
  const found: ImpactPinned[] = [];
  for (const { namespace, name, annotations, finished, hostNetwork } of pods.table) {
    if (annotations && !finished && !hostNetwork)
      found.push({ kind: "Pod", namespace, name, annotations, pods: 1 });
  }
  return found;
}

function freeOf({ space }: Inventory): ReadonlyMap<string, bigint> {
  return new Map(
    Array.from(space.pools, (row) => [
      row.name,
      BigInt(space.tallies.pool(row.name).free) + space.space(row).freeOutsideBlocks,
    ]),
  );
}
