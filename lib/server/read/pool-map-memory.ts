import { setImmediate } from "node:timers/promises";
import { sameCidr } from "../../ipam/cidr.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PoolRow } from "../../inventory/pool-row.ts";
import { KeptMap } from "./pool-map-kept.ts";

/** So long nothing else is answered, in milliseconds. */
const stepMs = 8;
/** Up to this, as long as the others took since the last step: on a busy server changes came faster than 8 ms a turn could take in. */
const mostStepMs = 24;

/** Rows of all maps that are kept; beyond this those that were longest not asked for are made anew. */
const mostRows = 2 ** 21;

interface Memory {
  /** Which of the kinds that maps are made of can be read. */
  known: string;
  /** By pool, the one asked for last at the end. */
  readonly pools: Map<string, KeptMap>;
}

const memories = new WeakMap<Inventory, Memory>();

/** The pool's map, kept for as long as it has this shape and the same kinds can be read. Bring it up to date before use. */
export function keptMapOf(inventory: Inventory, row: PoolRow): KeptMap {
  const memory = memories.get(inventory) ?? startMemory(inventory);
  const known = (["affinities", "pods", "nodes"] as const)
    .filter((kind) => inventory.states.knows(kind))
    .join();
  if (memory.known !== known) memory.pools.clear();
  memory.known = known;
  const { name, pool } = row;
  let map = memory.pools.get(name);
  if (!map || !sameCidr(map.pool.cidr, pool.cidr) || map.pool.blockSize !== pool.blockSize)
    map = new KeptMap(inventory, row);
  memory.pools.delete(name);
  memory.pools.set(name, map);
  forgetOldest(memory.pools);
  return map;
}

/** Brings it up to date in steps, between which others are answered. Rejects with the signal's reason when that is aborted. */
export async function prepare(map: KeptMap, signal: AbortSignal | null): Promise<void> {
  for (let ms = stepMs; ;) {
    const ended = performance.now() + ms;
    if (map.step(ended)) return;
    await setImmediate();
    signal?.throwIfAborted();
    ms = Math.min(mostStepMs, Math.max(stepMs, performance.now() - ended));
  }
}

function startMemory(inventory: Inventory): Memory {
  const memory: Memory = { known: "", pools: new Map() };
  memories.set(inventory, memory);
  inventory.space.watchers.add(({ pool, name }) => {
    if (pool !== null) memory.pools.get(pool)?.touch(name);
  });
  return memory;
}

function forgetOldest(pools: Map<string, KeptMap>): void {
  let rows = 0;
  for (const { layout } of pools.values()) rows += layout.rows.length;
  for (const [name, { layout }] of pools) {
    if (rows <= mostRows || pools.size === 1) return;
    pools.delete(name);
    rows -= layout.rows.length;
  }
}
