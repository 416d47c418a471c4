import type { Impact } from "../../contract/impact.ts";
import type { PoolChange } from "../../contract/pools.ts";
import { hasPoolController } from "../../calico/dialect.ts";
import { readFelixPools } from "../../calico/felix.ts";
import type { Family } from "../../ipam/address.ts";
import {
  type ImpactAction,
  type ImpactInput,
  type ImpactStatement,
  impactInSteps,
  type Known,
} from "../../ipam/impact.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { isGuarded, type PoolRow } from "../../inventory/pool-row.ts";
import { Slices } from "../../inventory/slices.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { cniConfigMissing } from "./namespace-pools.ts";
import { tunnelIpam } from "./pool-impact-ipam.ts";
import { impactNamespaces, impactPods } from "./pool-impact-pods.ts";
import { roomOf, useOf } from "./pool-impact-use.ts";
import { type PinnedTemplates, pinnedTemplates } from "./pod-templates.ts";
import { poolNamed } from "./pools.ts";
import { unknownOf, withUnknown } from "./ready.ts";

const sources = [
  "namespaces",
  "pods",
  "nodes",
  "blocks",
  "affinities",
  "reservations",
  "ipamConfig",
  "felixConfiguration",
] as const;

/**
 * What an action on the pool would do, from everything that has been read and the pod templates. `connection`: that of whoever asks;
 * `change`: with `update`, checked already.
 */
export async function readPoolImpact(
  inventory: Inventory,
  name: string,
  action: ImpactAction,
  connection: ClusterConnection | null = null,
  change?: PoolChange,
): Promise<Impact> {
  const row = poolNamed(inventory, name);
  const templates: PinnedTemplates = connection
    ? await pinnedTemplates(connection)
    : { known: false, reason: "there is no connection to the cluster", missing: [] };
  const input = { ...inputOf(inventory, row, action === "delete"), action, templates };
  const { confirm, statements, undo } = await inSlices(
    impactInSteps(change ? { ...input, spec: fieldsOf(change) } : input),
  );
  return {
    action,
    pool: name,
    confirm,
    undo: undo?.map(copy) ?? null,
    statements: statements.map(copy),
    ...withUnknown(
      ...(templates.known ? [] : templates.missing.map((each) => ({ field: "statements", ...each }))),
      ...cniConfigMissing(inventory, "statements"),
      ...sources.map((kind) => unknownOf(inventory, "statements", kind)),
    ),
  };
}

async function inSlices<Result>(steps: Generator<void, Result>): Promise<Result> {
  const slices = new Slices();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (slices.isOver) await slices.next();
  }
}

const copy = (statement: ImpactStatement) => ({ ...statement, subject: { ...statement.subject } });

function fieldsOf({ namespaceSelector, ...fields }: PoolChange): ImpactInput["spec"] & object {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return namespaceSelector === undefined ? given : { ...given, namespaceSelector: namespaceSelector ?? "" };
}

function inputOf(
  inventory: Inventory,
  row: PoolRow,
  isDeleted: boolean,
): Omit<ImpactInput, "action" | "templates"> {
  const { space, detection, settings } = inventory;
  const hasController = hasPoolController(detection?.apiMode ?? null);
  const isHeldWhileUsed = hasController && isGuarded(row);
  const felixSpec = settings.felix.get("", "default")?.spec ?? {};
  const felix = readFelixPools(felixSpec, detection?.version ?? null);
  const pods = known(inventory, ["pods"], () => impactPods(inventory, row.pool));
  const ofPods = <T>(value: (found: ReturnType<typeof impactPods>) => T): Known<T> =>
    pods.known ? { known: true, value: value(pods.value) } : { known: false, reason: pods.reason };
  return {
    pool: row.pool,
    pools: Array.from(space.pools, (one) => one.pool),
    namespaces: known(inventory, ["namespaces"], () =>
      impactNamespaces(inventory, pods.known ? pods.value : null),
    ),
    pinnedPods: ofPods(({ pinned }) => pinned),
    origins: inventory.states.knows("namespaces")
      ? ofPods(({ origins }) => origins)
      : { known: false, reason: inventory.states.missing("namespaces")?.reason ?? "" },
    nodes: known(inventory, ["nodes"], () => [...inventory.nodes.table]),
    ipam: known(inventory, ["blocks", "affinities", "reservations", "ipamConfig"], () =>
      tunnelIpam(inventory, felix.hostEncryption),
    ),
    felix: known(inventory, ["felixConfiguration"], () => felix),
    use: known(inventory, ["blocks"], () => useOf(inventory, row, isDeleted && !isHeldWhileUsed)),
    room: known(inventory, ["blocks", "reservations"], () => roomOf(inventory)),
    managedBy: row.managedBy,
    hasController,
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

function known<T>({ states }: Inventory, kinds: readonly Kind[], value: () => T): Known<T> {
  for (const kind of kinds) {
    const missing = states.missing(kind);
    if (missing) return { known: false, reason: missing.reason };
  }
  return { known: true, value: value() };
}
