import { expect } from "vitest";
import { sleep } from "../../kube/clock.ts";
import { SeededRandom } from "../../sim/scenarios/seeded-random.ts";
import { compare } from "./equality.ts";
import { pickFault, type Loss } from "./random-faults.ts";
import { RandomWrites } from "./random-writes.ts";
import { OUTAGE_OVER_MS, WATCH_LOST_MS } from "./stories.ts";
import { until } from "./until.ts";
import { change, isCurrent, isLive, timed, type World } from "./world.ts";

const WATCH_LOST_P95_MS = 1_000;
/** Up to so long passes between one recovery and the next fault. */
const APART_MS = 3_000;

/** The seed of a random test, from the environment or new; a failure names it. */
export function seedOf(variable: string | undefined): string {
  return variable ?? String(Math.floor(Math.random() * 1e9));
}

/**
 * Random writes and random faults at the same time for so long (of the product's clock); then the inventory equals the
 * server, object by object. Answers how much of both there was.
 */
export async function survives(world: World, seed: string, forMs: number) {
  await isCurrent(world);
  const random = new SeededRandom(seed);
  const writes = new RandomWrites(world, new SeededRandom(`${seed} writes`));
  const endsAt = world.clock.now() + forMs;
  const isOver = () => world.clock.now() >= endsAt;
  const faults: string[] = [];
  try {
    const writing = until(async () => {
      await writes.write();
      return isOver();
    });
    while (!isOver()) {
      const fault = pickFault(world, random, 0.05);
      faults.push(fault.name);
      await fault.strike(world, random);
    }
    await writing;
    await world.proxy.heal();
    await isCurrent(world);
    const { lost, phantom, compared } = await compare(world);
    expect({ seed, lost, phantom }).toEqual({ seed, lost: [], phantom: [] });
    return { writes: writes.count, faults: faults.length, compared };
  } finally {
    await world.proxy.heal();
    await writes.cleanUp();
  }
}

/**
 * So many random faults, one after the other, with a change during each of them. Then nothing is lost and nothing is a phantom,
 * and every recovery was within its goal.
 */
export async function recovers(world: World, seed: string, count: number): Promise<string> {
  await isCurrent(world);
  const random = new SeededRandom(seed);
  const recoveries: Record<Loss, { ms: number; fault: string }[]> = { watch: [], server: [] };
  for (let i = 0; i < count; i += 1) {
    await sleep(world.clock, random.next() * APART_MS, new AbortController().signal);
    const fault = pickFault(world, random, 0.04);
    const changed = fault.loss === "watch" ? null : change(world).catch(() => null);
    await fault.strike(world, random);
    const arrived = (await changed) ?? null;
    const late = arrived === null ? await change(world) : arrived;
    const ms = await timed(world, () => until(() => late() && isLive(world)));
    recoveries[fault.loss].push({ ms, fault: fault.name });
  }
  const { lost, phantom, compared } = await compare(world);
  expect({ seed, lost, phantom }).toEqual({ seed, lost: [], phantom: [] });
  const watch = summary(recoveries.watch.map(({ ms }) => ms));
  const server = summary(recoveries.server.map(({ ms }) => ms));
  const slowest = [...recoveries.watch, ...recoveries.server].toSorted((a, b) => b.ms - a.ms).slice(0, 3);
  const told = [
    `recovery over ${count} random faults (seed ${seed}), as shares of the goal:`,
    `  watch lost (${recoveries.watch.length}): ${share(watch.p50, WATCH_LOST_P95_MS)} p50, ${share(watch.p95, WATCH_LOST_P95_MS)} p95 of 1 s; ${share(watch.max, WATCH_LOST_MS)} max of 5 s`,
    `  outage over (${recoveries.server.length}): ${share(server.p50, OUTAGE_OVER_MS)} p50, ${share(server.p95, OUTAGE_OVER_MS)} p95, ${share(server.max, OUTAGE_OVER_MS)} max of 15 s`,
    `  slowest: ${slowest.map(({ ms, fault }) => `${fault} ${(ms / 1000).toFixed(1)} s`).join(", ")}`,
    `  ${lost.length} lost and ${phantom.length} phantom of ${compared} objects`,
  ].join("\n");
  // In hurried time a stall of the machine weighs more than the network.
  if (world.slack === 1) expect(watch.p95, told).toBeLessThan(WATCH_LOST_P95_MS);
  expect(watch.max, told).toBeLessThan(WATCH_LOST_MS * world.slack);
  expect(server.max, told).toBeLessThan(OUTAGE_OVER_MS * world.slack);
  return told;
}

function share(ms: number, goalMs: number): string {
  return `${Math.round((100 * ms) / goalMs)} %`;
}

function summary(values: readonly number[]): { p50: number; p95: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (quantile: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
