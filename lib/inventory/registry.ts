import { sleep } from "../kube/clock.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import { discover } from "./discover.ts";
import { Feeds } from "./feeds.ts";
import { Inventory } from "./inventory.ts";
import { readServed, servedChanges, servedNames } from "./served.ts";

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

/** Discovery: again this often after it failed, and while there is nothing new. */
const retryMs = 2_000;
const lookMs = 60_000;
/** Whether the cluster still serves the same is asked this often, and discovery begins at once when it does not. */
const glanceMs = 5_000;
/** An API server that has just started does not list yet all that it will serve: Calico is gone when it stays gone for so long. */
const doubtMs = 15_000;
/** A kind that is not served any more rings; several do so together. */
const settleMs = 500;

/** Looks at the cluster again and again, and reads it for as long as Calico IPAM is at work there. */
async function follow(
  inventory: Inventory,
  connection: ClusterConnection,
  signal: AbortSignal,
): Promise<void> {
  let feeds: Feeds | null = null;
  let bell = new AbortController();
  let goneSince: number | null = null;
  while (!signal.aborted) {
    bell = new AbortController();
    let served: readonly string[] | null = null;
    try {
      const detection = await discover(connection);
      if (signal.aborted) break;
      const isGone = feeds !== null && !detection.detected;
      goneSince = isGone ? (goneSince ?? connection.clock.now()) : null;
      if (goneSince !== null && connection.clock.now() - goneSince < doubtMs) {
        await sleep(connection.clock, retryMs, signal);
        continue;
      }
      const before = inventory.detection?.served;
      served = detection.served;
      if (!detection.detected) {
        await feeds?.stop();
        feeds = null;
      }
      inventory.setDetection(detection);
      if (detection.detected && detection.apiMode !== null) {
        feeds ??= new Feeds(inventory, connection, () => bell.abort());
        await feeds.read(detection.apiMode);
        if (before) feeds.recheck(servedChanges(before, served));
      }
    } catch (error) {
      inventory.setTrouble(error instanceof Error ? error.message : "unknown error");
    }
    await waitForNews(connection, served, signal, bell.signal);
  }
  await feeds?.stop();
}

/** Ends when the cluster serves something else, when the bell rings, or when it is time to look again anyway. */
async function waitForNews(
  connection: ClusterConnection,
  served: readonly string[] | null,
  signal: AbortSignal,
  bell: AbortSignal,
): Promise<void> {
  const { clock } = connection;
  const either = AbortSignal.any([signal, bell]);
  if (served === null) return sleep(clock, retryMs, signal);
  const due = clock.now() + lookMs;
  while (!either.aborted && clock.now() < due) {
    await sleep(clock, glanceMs, either);
    if (either.aborted) break;
    // What cannot be asked now is told by those that read.
    const now = await readServed(connection).catch(() => null);
    if (now && servedChanges(served, servedNames(now)).size > 0) return;
  }
  if (bell.aborted) await sleep(clock, settleMs, signal);
}
