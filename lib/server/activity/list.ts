import type { Activity, ActivityQuery } from "../../contract/activity.ts";
import type { List, Unknown } from "../../contract/common.ts";
import type { JournalFilter, JournalSort } from "../../history/journal.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { invalidParameter, notFound } from "../read/read-error.ts";
import { requireKind, requireReady, unknownOf, withUnknown } from "../read/ready.ts";
import { closeAbandoned } from "./abandoned.ts";
import { clusterKey } from "./cluster-key.ts";
import type { Kept } from "./kept.ts";
import { activityStore } from "./store.ts";
import { undoState } from "./undo-state.ts";

const defaultLimit = 200;
const mostRows = 500;

const sorts: ReadonlyMap<string, JournalSort> = new Map([
  ["at", "at"],
  ["user", "person"],
  ["action", "action"],
  ["object", "object"],
  ["result", "result"],
]);

/** Which kind a person must be able to list to see entries about it. */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ["IPPool", "pools"],
  ["Namespace", "namespaces"],
  ["IPReservation", "reservations"],
]);

export function listActivity(inventory: Inventory, query: ActivityQuery): List<Activity> {
  requireReady(inventory);
  closeAbandoned();
  const { limit = defaultLimit, offset = 0 } = query;
  const page = { limit: Math.min(limit, mostRows), offset, sort: sortOf(query.sort) };
  const { kept, total } = activityStore().list(filterOf(inventory, query), page);
  const next = offset + kept.length;
  const unknown = hidden(inventory);
  return {
    items: kept.map((each) => shown(inventory, each)),
    total,
    ...(next < total && kept.length > 0 ? { next } : {}),
    ...(unknown.length > 0 ? { unknown } : {}),
  };
}

/** One entry as it is kept. Throws 404 when there is none that this person may see. */
export function keptActivity(inventory: Inventory, id: string): Kept {
  requireReady(inventory);
  const { kept } = activityStore().list({ ...base(inventory), id }, { limit: 1, offset: 0 });
  if (!kept[0]) throw notFound("activity", id);
  return kept[0];
}

export function readActivity(inventory: Inventory, id: string): Activity {
  return shown(inventory, keptActivity(inventory, id));
}

/**
 * Every entry that the query leaves, `limit` and `offset` included where it has them. Throws 403 with the permission that is
 * missing when it asks for a kind whose entries this person may not see: the half that is left could not say so.
 */
export function wholeActivity(inventory: Inventory, query: ActivityQuery): Iterable<Activity> {
  requireReady(inventory);
  closeAbandoned();
  for (const [name, kind] of kinds) {
    if (query.kind !== undefined && query.kind !== name) continue;
    if (inventory.states.missing(kind)?.permission) requireKind(inventory, kind);
  }
  const filter = { ...filterOf(inventory, query), until: untilOf(query) ?? inventory.clock.now() };
  return pages(inventory, filter, query, sortOf(query.sort));
}

function* pages(
  inventory: Inventory,
  filter: JournalFilter,
  { limit = Infinity, offset: start = 0 }: ActivityQuery,
  sort: { readonly by: JournalSort; readonly desc: boolean },
): Generator<Activity> {
  for (let taken = 0; taken < limit;) {
    const page = { limit: Math.min(mostRows, limit - taken), offset: start + taken, sort };
    const { kept } = activityStore().list(filter, page);
    for (const each of kept) yield shown(inventory, each);
    taken += kept.length;
    if (kept.length < page.limit) return;
  }
}

/** What this person may see of an entry: findings name pods and nodes, which they may not be allowed to list. */
function shown(inventory: Inventory, kept: Kept): Activity {
  const { activity } = kept;
  const { watch } = activity;
  const undo = undoState(inventory, kept);
  if (watch === null || watch.findings.length === 0) return { ...activity, undo };
  const of = {
    Pod: unknownOf(inventory, "watch.findings", "pods"),
    Node: unknownOf(inventory, "watch.findings", "nodes"),
  };
  const isShown = (kind: string) => (kind !== "Pod" && kind !== "Node") || of[kind] === null;
  const findings = watch.findings.filter(({ subject }) => isShown(subject.kind));
  const missing = findings.length < watch.findings.length ? withUnknown(of.Pod, of.Node) : {};
  return { ...activity, undo, watch: { ...watch, findings }, ...missing };
}

function base(inventory: Inventory): Pick<JournalFilter, "clusters" | "hiddenKinds" | "withoutKind"> {
  const hiddenKinds = [...kinds].flatMap(([name, kind]) => (inventory.states.missing(kind) ? [name] : []));
  // What an attempt of which that is not known was about may well have been a pool.
  return { clusters: [clusterKey()], hiddenKinds, withoutKind: !hiddenKinds.includes("IPPool") };
}

function hidden(inventory: Inventory): Unknown[] {
  return [...kinds].flatMap(([name, kind]) => {
    const missing = inventory.states.missing(kind);
    return missing
      ? [{ field: "items", ...missing, reason: `entries about ${name} are left out: ${missing.reason}` }]
      : [];
  });
}

function filterOf(inventory: Inventory, query: ActivityQuery): JournalFilter {
  const { user, action, kind, object, result, dryRun, from, q } = query;
  return {
    ...base(inventory),
    person: user,
    action,
    kind,
    name: object,
    result,
    dryRuns: dryRun === "true" || result === "dryRun",
    since: from === undefined ? undefined : Date.parse(from),
    until: untilOf(query),
    words: (q ?? "")
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== ""),
  };
}

const untilOf = ({ to }: ActivityQuery) => (to === undefined ? undefined : Date.parse(to));

function sortOf(sort: string | undefined): { by: JournalSort; desc: boolean } {
  const text = sort ?? "-at";
  const desc = text.startsWith("-");
  const by = sorts.get(desc ? text.slice(1) : text);
  if (by === undefined) {
    const names = [...sorts.keys()].join(", ");
    throw invalidParameter("sort", `cannot sort by ${text.replace(/^-/, "")}; try ${names}`);
  }
  return { by, desc };
}
