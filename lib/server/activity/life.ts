import { join } from "node:path";
import { currentInventory } from "../../inventory/registry.ts";
import { log } from "../log.ts";
import { closeAbandoned } from "./abandoned.ts";
import { poolWatches } from "./pool-watches.ts";
import { activityStore, openActivityStore } from "./store.ts";

/**
 * Begins to keep activity: in the folder that was named, else in `poolboard` below `stateHome`; in memory where both are null.
 * Watches of a process that ended are closed.
 */
export function openActivity(named: string | null, stateHome: string | null): void {
  const folder = named ?? (stateHome === null ? null : join(stateHome, "poolboard"));
  openActivityStore(folder);
  if (folder === null) {
    log.info("activity is kept in memory and ends with this process; --data DIR or POOLBOARD_DATA keeps it");
  }
  closeAbandoned();
}

/** Ends the watches of this process and closes the store. */
export async function endActivity(): Promise<void> {
  const inventory = currentInventory();
  if (inventory) poolWatches(inventory).stop();
  activityStore().close();
}
