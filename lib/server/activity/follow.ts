import type { Activity } from "../../contract/activity.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { currentInventory } from "../../inventory/registry.ts";
import { serverConfig } from "../config.ts";
import { log } from "../log.ts";
import type { Kept } from "./kept.ts";
import { writePoolEvent } from "./pool-event.ts";
import { type PoolBaseline, poolWatches } from "./pool-watches.ts";
import { activityStore } from "./store.ts";

/** One of our own writes to a pool has ended; from now on it is watched. `kept` null: it changed nothing. */
export function followPool(inventory: Inventory, kept: Kept | null, baseline: PoolBaseline): void {
  const watches = poolWatches(inventory);
  watches.release(baseline.pool, kept);
  if (kept === null) return;
  const { activity, left } = kept;
  const { id, object } = activity;
  watches.start(activity, left, baseline, (watch) => {
    amendActivity(id, (now) => ({ ...now, activity: { ...now.activity, watch } }));
    if (watch.verdict === null) return;
    const { verdict, text, findings } = watch;
    log.info({ audit: "watch", id, object, verdict, text, findings }, "write watched");
  });
}

/** Tells a change on the pool itself. */
export function tellPool(activity: Activity): void {
  if (activity.object?.kind === "IPPool") void tell(activity);
}

async function tell(activity: Activity): Promise<void> {
  const [inventory, config] = [currentInventory(), serverConfig()];
  const mode = inventory?.detection?.apiMode;
  if (!config || !mode) return;
  const event = await writePoolEvent(config.connection, mode, activity);
  amendActivity(activity.id, (now) => ({ ...now, activity: { ...now.activity, event } }));
}

/** The entry `by` has taken back what the entry `id` did. */
export function markUndone(id: string, by: string): void {
  const undo = { possible: false, reason: null, note: null, undoneBy: by };
  amendActivity(id, (now) => ({ ...now, activity: { ...now.activity, undo } }));
}

/** Adds what became known later. Never throws. */
export function amendActivity(id: string, change: (now: Kept) => Kept): void {
  try {
    activityStore().amend(id, change);
    currentInventory()?.changes.touch("activity");
  } catch (error) {
    log.error({ err: error, id }, "an activity could not be kept up to date");
  }
}
