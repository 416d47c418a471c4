import type { Activity, ActivityWatch } from "../../contract/activity.ts";
import type { Change } from "../../inventory/changes.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { currentInventory } from "../../inventory/registry.ts";
import type { Pool } from "../../ipam/pool.ts";
import { shared } from "../shared.ts";
import type { Fields, Kept } from "./kept.ts";
import { PoolWatch, WATCH_MS } from "./pool-watch.ts";
import { type Tunnel, tunnelsIn } from "./pool-tunnels.ts";

/** How things stood around a pool before it was written. */
export interface PoolBaseline {
  readonly pool: string;
  /** As it was stored; null: there was none. */
  readonly before: Pool | null;
  readonly tunnels: ReadonlyMap<string, readonly Tunnel[]>;
}

/** The watches of one inventory: one subscription for all of them, one timer each, work per change. */
class PoolWatches {
  readonly #inventory: Inventory;
  readonly #running = new Set<PoolWatch>();
  readonly #timers = new Map<PoolWatch, () => void>();
  /** Pools that one of our own writes is under way to, and how many: whose change it is shows when that has ended. */
  readonly #held = new Map<string, number>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
    inventory.changes.subscribe((change) => this.#look(change));
    inventory.pods.onFirstFailure((failure) => {
      for (const watch of this.#running) watch.lookAtFailure(failure);
      this.#dropEnded();
    });
  }

  hold(pool: string): void {
    this.#held.set(pool, (this.#held.get(pool) ?? 0) + 1);
  }

  /** More than one of our own writes is under way to it. */
  isShared(pool: string): boolean {
    return (this.#held.get(pool) ?? 0) > 1;
  }

  /** One of our own writes has ended; `by` null: it changed nothing. */
  release(pool: string, by: Pick<Kept, "activity" | "left"> | null): void {
    const left = (this.#held.get(pool) ?? 1) - 1;
    if (left > 0) this.#held.set(pool, left);
    else this.#held.delete(pool);
    for (const watch of this.#running) {
      if (watch.pool !== pool) continue;
      if (by) watch.writtenAgain(by);
      // What others wrote meanwhile has not been looked at.
      if (left === 0) watch.lookAtPool();
    }
    this.#dropEnded();
  }

  start(
    activity: Activity,
    left: Fields | null,
    baseline: PoolBaseline,
    save: (watch: ActivityWatch) => void,
  ): void {
    const watch = new PoolWatch({
      inventory: this.#inventory,
      activity,
      left,
      before: baseline.before,
      tunnels: baseline.tunnels,
      save,
    });
    this.#running.add(watch);
    // Whoever looks sees from the first moment that it is watched, and until when.
    save(watch.state);
    const wait = Math.max(0, Date.parse(activity.at) + WATCH_MS - this.#inventory.clock.now());
    this.#timers.set(
      watch,
      this.#inventory.clock.after(wait, () => {
        watch.end();
        this.#dropEnded();
      }),
    );
    // Something may have happened since the write was answered.
    if (!this.#held.has(watch.pool)) watch.lookAtPool();
    watch.lookAtNodes();
    this.#dropEnded();
  }

  /** This process ends. */
  stop(): void {
    for (const watch of this.#running)
      watch.interrupt("This server was stopped before five minutes were over.");
    this.#dropEnded();
  }

  #look({ pools, removed, touched, reset }: Change): void {
    if (this.#running.size === 0) return;
    const names = new Set([...pools, ...removed.pools]);
    for (const watch of this.#running) {
      if ((reset || names.has(watch.pool)) && !this.#held.has(watch.pool)) watch.lookAtPool();
      if (reset || touched.includes("nodes")) watch.lookAtNodes();
    }
    this.#dropEnded();
  }

  #dropEnded(): void {
    for (const watch of this.#running) {
      if (!watch.ended) continue;
      this.#running.delete(watch);
      this.#timers.get(watch)?.();
      this.#timers.delete(watch);
    }
  }
}

/** The watches of the inventory that runs; made on first use. */
export function poolWatches(inventory: Inventory): PoolWatches {
  const all = shared("poolWatches", () => new WeakMap<Inventory, PoolWatches>());
  const known = all.get(inventory) ?? new PoolWatches(inventory);
  all.set(inventory, known);
  return known;
}

/**
 * To be called right before a pool is written, and put into `audit.baseline`: from then on changes of the pool are not taken for
 * somebody else's until the write is recorded.
 */
export function poolBaseline(name: string, before: Pool | null): PoolBaseline {
  const inventory = currentInventory();
  if (inventory) poolWatches(inventory).hold(name);
  const tunnels =
    inventory && before ? tunnelsIn(inventory, before.cidr) : new Map<string, readonly Tunnel[]>();
  return { pool: name, before, tunnels };
}
