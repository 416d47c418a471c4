import type { Unknown } from "../../contract/common.ts";
import type { Namespace, NamespaceList, NamespaceQuery } from "../../contract/namespaces.ts";
import type { Family } from "../../ipam/address.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import type { NamespaceRow } from "../../inventory/namespace-row.ts";
import { type Compare, compareText } from "../../inventory/table.ts";
import { byFigure, orderOf, pageOf, textFilter, unreadable } from "./list-query.ts";
import { cniConfigMissing, namespacePools } from "./namespace-pools.ts";
import { notFound } from "./read-error.ts";
import { requireKind, requireReady, unknownOf, withUnknown } from "./ready.ts";
import { selectorFilter } from "./selector-filter.ts";

const byName: Compare<NamespaceRow> = (one, other) => compareText(one.name, other.name);

/**
 * Namespaces by name unless sorted otherwise. `pool`: those whose pods may get addresses of it, or hold some. `problem`:
 * those whose annotation or selectors will fail new pods. `inUse`, in the order and in the sum, is what they hold in `pool`, or
 * in all pools. `selector`: those that a pool with this `namespaceSelector` would serve; throws 422 in Calico's words when it
 * is none.
 */
export function listNamespaces(inventory: Inventory, query: NamespaceQuery): NamespaceList {
  requireReady(inventory);
  const missing = unknownOf(inventory, "items", "namespaces", ...filteredBy(query));
  if (missing) return unreadableList(missing);
  const [open] = query.pool === undefined ? [] : cniConfigMissing(inventory, "items");
  if (open) return unreadableList(open);
  const { compare } = orderOf(query.sort, ordersOf(inventory, query.pool));
  const matches = textFilter(query.q);
  const isSelected = selectorFilter(query.selector);
  const { pool } = query;
  const rows = inventory.namespaces
    .ordered("name", byName)
    .filter(
      (row) =>
        isSelected(row.labels) &&
        (pool === undefined || concerns(inventory, row, pool)) &&
        (query.problem === undefined || problemCount(inventory, row) > 0) &&
        (matches === null || matches(row.name, lower(row.annotations[4]), lower(row.annotations[6]))),
    );
  const sorted = query.sort === undefined ? rows : rows.sort(compare);
  return {
    ...pageOf(sorted, query, (row) => toNamespace(inventory, row)),
    ...sumsOf(inventory, rows, pool),
  };
}

function sumsOf(inventory: Inventory, rows: readonly NamespaceRow[], pool: string | undefined) {
  const missing = unknownOf(inventory, "inUse", "blocks", "pools");
  if (missing) {
    const fields = ["inUse", "holders", "inUseByAll"].map((field) => ({ ...missing, field }));
    return { inUse: null, holders: null, inUseByAll: null, ...withUnknown(...fields) };
  }
  const held = rows.map((row) => inUseOf(inventory, row, pool)).filter((count) => count > 0);
  const { pools, tallies } = inventory.space;
  const names = pool === undefined ? Array.from(pools, (row) => row.name) : [pool];
  return {
    inUse: String(held.reduce((sum, count) => sum + count, 0)),
    holders: held.length,
    inUseByAll: String(names.reduce((sum, name) => sum + tallies.pool(name).inUse, 0)),
  };
}

function unreadableList(unknown: Unknown): NamespaceList {
  return { ...unreadable<Namespace>(unknown), inUse: null, holders: null, inUseByAll: null };
}

/** Addresses the namespace holds in the pool, or in all pools. */
function inUseOf({ space, interner }: Inventory, row: NamespaceRow, pool: string | undefined): number {
  const id = interner.find(row.name);
  const usage = id === null ? undefined : space.tallies.namespaces.get(id);
  if (usage === undefined) return 0;
  if (pool !== undefined) return usage.get(pool) ?? 0;
  let sum = 0;
  for (const count of usage.values()) sum += count;
  return sum;
}

/** What the filters look at besides namespaces: without it they would leave out what nobody knows. */
function filteredBy({ pool, problem }: NamespaceQuery): readonly Kind[] {
  if (pool !== undefined) return ["pools", "blocks"];
  return problem === undefined ? [] : ["pools"];
}

export function readNamespace(inventory: Inventory, name: string): Namespace {
  requireReady(inventory);
  requireKind(inventory, "namespaces");
  const row = inventory.namespaces.get("", name);
  if (!row) throw notFound("namespace", name);
  return toNamespace(inventory, row);
}

export function toNamespace(inventory: Inventory, row: NamespaceRow): Namespace {
  const effective = namespacePools(inventory, row);
  const poolsMissing = unknownOf(inventory, "pools", "pools");
  const podsMissing = unknownOf(inventory, "pods", "pods");
  const usageMissing = unknownOf(inventory, "usage", "blocks", "pools");
  const isOpen = { 4: isLeftOpen(inventory, row, 4), 6: isLeftOpen(inventory, row, 6) };
  const known = <Value>(family: Family, value: Value) => (poolsMissing || isOpen[family] ? null : value);
  const names = (family: Family) => effective[family].pools.map((pool) => pool.name);
  return {
    name: row.name,
    uid: row.uid,
    resourceVersion: row.revision,
    labels: { ...row.labels },
    pods: podsMissing ? null : inventory.pods.table.groupSize(row.name),
    source: { ipv4: known(4, effective[4].source), ipv6: known(6, effective[6].source) },
    annotation: { ipv4: row.annotations[4], ipv6: row.annotations[6] },
    pools: { ipv4: known(4, names(4)), ipv6: known(6, names(6)) },
    problems: poolsMissing ? null : problemsOf(inventory, row),
    usage: usageMissing ? null : usageOf(inventory, row),
    ...withUnknown(
      poolsMissing,
      poolsMissing && { ...poolsMissing, field: "source" },
      poolsMissing && { ...poolsMissing, field: "problems" },
      unknownOf(inventory, "pools", "nodes"),
      podsMissing,
      usageMissing,
      ...(isOpen[4] || isOpen[6]
        ? ["pools", "source"].flatMap((field) => cniConfigMissing(inventory, field))
        : []),
    ),
  };
}

/** Nobody but the CNI configuration decides about the family, and that cannot be read. */
function isLeftOpen({ detection }: Inventory, { annotations }: NamespaceRow, family: Family): boolean {
  return detection?.cniPools === null && annotations[family] === null;
}

function problemCount(inventory: Inventory, row: NamespaceRow): number {
  const effective = namespacePools(inventory, row);
  return effective[4].problems.length + effective[6].problems.length;
}

function lower(text: string | null): string | null {
  return text === null ? null : text.toLowerCase();
}

function problemsOf(inventory: Inventory, row: NamespaceRow): NonNullable<Namespace["problems"]> {
  const effective = namespacePools(inventory, row);
  return [...effective[4].problems, ...effective[6].problems].map((problem) => ({ ...problem }));
}

/** Pools by name; Services of type LoadBalancer count for the namespace they are in. */
function usageOf({ space, interner }: Inventory, row: NamespaceRow): { pool: string; inUse: string }[] {
  const id = interner.find(row.name);
  const usage = (id === null ? undefined : space.tallies.namespaces.get(id)) ?? new Map<string, number>();
  return [...usage]
    .sort(([one], [other]) => compareText(one, other))
    .map(([pool, inUse]) => ({ pool, inUse: String(inUse) }));
}

function concerns(inventory: Inventory, row: NamespaceRow, pool: string): boolean {
  const effective = namespacePools(inventory, row);
  if ([...effective[4].pools, ...effective[6].pools].some((one) => one.name === pool)) return true;
  const id = inventory.interner.find(row.name);
  return id !== null && (inventory.space.tallies.namespaces.get(id)?.has(pool) ?? false);
}

function ordersOf(
  inventory: Inventory,
  pool: string | undefined,
): ReadonlyMap<string, Compare<NamespaceRow>> {
  const podsOf = (row: NamespaceRow) => inventory.pods.table.groupSize(row.name);
  return new Map<string, Compare<NamespaceRow>>([
    ["name", byName],
    ["pods", byFigure(podsOf, byName)],
    ["usage", byFigure((row) => inUseOf(inventory, row, undefined), byName)],
    // Asked for the other way round: then names ascend.
    [
      "inUse",
      byFigure(
        (row) => inUseOf(inventory, row, pool),
        (one, other) => byName(other, one),
      ),
    ],
    ["problems", byFigure((row) => problemCount(inventory, row), byName)],
  ]);
}
