import { sleep } from "../kube/clock.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import { discover } from "./discover.ts";
import { startFeeds } from "./feeds.ts";
import { Inventory } from "./inventory.ts";

const key = Symbol.for("poolboard.inventory");

interface Running {
  readonly inventory: Inventory;
  readonly stop: () => Promise<void>;
}

/** Next gives routes, pages and instrumentation a copy of this module each: what they share lives on `globalThis`. */
const shared = globalThis as unknown as Record<symbol, Running | undefined>;

/** The inventory of this process; null before it is started. */
export function currentInventory(): Inventory | null {
  return shared[key]?.inventory ?? null;
}

/** Begins to read the cluster; when it has begun already, answers what is there. */
export function startInventory(
  connection: ClusterConnection,
  options: { readOnly?: boolean } = {},
): Inventory {
  const running = shared[key];
  if (running) return running.inventory;
  const inventory = new Inventory(connection, {
    readOnly: options.readOnly ?? false,
    clock: connection.clock,
  });
  const control = new AbortController();
  const done = follow(inventory, connection, control.signal);
  shared[key] = {
    inventory,
    stop: async () => {
      control.abort();
      await done;
      inventory.changes.stop();
    },
  };
  return inventory;
}

/** Ends every watch. A later `startInventory` begins anew. */
export async function stopInventory(): Promise<void> {
  const running = shared[key];
  shared[key] = undefined;
  await running?.stop();
}

/** Discovery: again this often after it failed, where the cluster is not ours to show, and while all is well. */
const retryMs = 2_000;
const stoppedMs = 60_000;
const runningMs = 300_000;

/** Looks at the cluster again and again, and reads it for as long as Calico IPAM is at work there. */
async function follow(
  inventory: Inventory,
  connection: ClusterConnection,
  signal: AbortSignal,
): Promise<void> {
  let stopFeeds: (() => Promise<void>) | null = null;
  while (!signal.aborted) {
    let wait = retryMs;
    try {
      const detection = await discover(connection);
      if (signal.aborted) break;
      wait = detection.detected ? runningMs : stoppedMs;
      if (detection.detected) stopFeeds ??= startFeeds(inventory, connection);
      else if (stopFeeds) {
        await stopFeeds();
        stopFeeds = null;
      }
      inventory.setDetection(detection);
    } catch (error) {
      inventory.setTrouble(error instanceof Error ? error.message : "unknown error");
    }
    await sleep(connection.clock, wait, signal);
  }
  await stopFeeds?.();
}
