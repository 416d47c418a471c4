import type { Activity } from "../../contract/activity.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { log } from "../log.ts";
import { clusterKey } from "./cluster-key.ts";
import { amendActivity, followPool, markUndone, tellPool } from "./follow.ts";
import { differing, type Fields, type Kept } from "./kept.ts";
import { namespaceFields, poolFields } from "./pool-fields.ts";
import { type PoolBaseline, poolWatches } from "./pool-watches.ts";
import { activityStore } from "./store.ts";
import { writerOf } from "./writer-of.ts";

/** How long a write without an answer is looked for; what comes later meets a conflict, or is somebody else's by its looks. */
const WAIT_MS = 15_000;

/** A write is in the log this long after it shows, at the latest. */
const LOGGED_MS = 2_500;

/** A change of fields to which the API server gave no answer: reading the object back tells whether it happened. */
export function mayArrive({ activity: { result, dryRun, action, object, from, to } }: Kept): boolean {
  if (result !== "unknown" || dryRun || action === "create" || action === "delete") return false;
  return (
    object !== null && object.uid !== null && from !== null && to !== null && differing(from, to).length > 0
  );
}

/**
 * Looks for a write that got no answer. Once the object shows it, the entry is done, with what that brings: a watch, and the way
 * back. While it lasts a change of the pool is not taken for somebody else's.
 */
export function awaitArrival(inventory: Inventory, kept: Kept, baseline: PoolBaseline | null): void {
  const { activity } = kept;
  let isOver = false;
  let isSecondLook = false;
  let cancelSecond: (() => void) | null = null;
  const lookAgain = () => {
    cancelSecond ??= inventory.clock.after(LOGGED_MS, () => {
      isSecondLook = true;
      look();
    });
  };
  const stop = () => {
    isOver = true;
    unsubscribe();
    cancel();
    cancelSecond?.();
  };
  const look = () => {
    if (isOver) return;
    const now = arrived(inventory, activity);
    if (now === null) return;
    // Nothing tells whether another of our own writes is under way to a namespace; by then it is in the log.
    if (!baseline && !isSecondLook) return lookAgain();
    stop();
    settle(inventory, kept, now, baseline);
  };
  const unsubscribe = inventory.changes.subscribe(look);
  const cancel = inventory.clock.after(WAIT_MS, () => {
    stop();
    if (baseline) followPool(inventory, null, baseline);
  });
  look();
}

interface Now {
  readonly uid: string;
  readonly revision: string;
  readonly fields: Fields;
  /** Null: the cluster does not say. */
  readonly writer: string | null;
}

/** The object as our write left it; null: nothing tells that it is our write that it shows. */
function arrived(inventory: Inventory, { id, object, from, to, resourceVersion }: Activity): Now | null {
  if (object === null || from === null || to === null) return null;
  const now = nowIn(inventory, object, differing(from, to));
  if (now === null || now.uid !== object.uid || now.revision === resourceVersion.before) return null;
  if (differing(now.fields, to).length > 0) return null;
  if (now.writer !== null && now.writer !== "somebody" && !now.writer.includes("another Poolboard"))
    return null;
  // Somebody else's write through one of our servers looks the same.
  if (object.kind === "IPPool" && poolWatches(inventory).isShared(object.name)) return null;
  const { kind, name } = object;
  const of = { clusters: [clusterKey()], kind, name, result: "done", dryRuns: false };
  return activityStore().newestAfter(id, of) === null ? now : null;
}

function nowIn(
  inventory: Inventory,
  { kind, name }: NonNullable<Activity["object"]>,
  fields: readonly string[],
): Now | null {
  if (kind === "IPPool") {
    const row = inventory.space.pools.get("", name);
    return row && { ...row, fields: poolFields(row.pool), writer: writerOf(row, fields) };
  }
  const row = kind === "Namespace" ? inventory.namespaces.get("", name) : null;
  return row && { ...row, fields: namespaceFields(row), writer: null };
}

function settle(inventory: Inventory, kept: Kept, now: Now, baseline: PoolBaseline | null): void {
  const settled: Kept = {
    ...kept,
    left: now.fields,
    activity: {
      ...kept.activity,
      result: "done",
      code: null,
      detail: "No answer came in time; read back since, it is as was asked for.",
      resourceVersion: { ...kept.activity.resourceVersion, after: now.revision },
    },
  };
  const { id, undoes } = settled.activity;
  log.info(
    { audit: "done", id, object: settled.activity.object, resourceVersion: now.revision },
    "write read back",
  );
  amendActivity(id, () => settled);
  if (undoes !== null) markUndone(undoes, id);
  if (baseline) followPool(inventory, settled, baseline);
  tellPool(settled.activity);
}
