import { performance } from "node:perf_hooks";
import { shared } from "./shared.ts";
import { openStreams } from "./streams.ts";

/** No page asks more often than this, in milliseconds. */
const SHORTEST_MS = 500;
/** A viewer's share of the pace when the process has no time left. */
const MOST_MS_PER_VIEWER = 20;
/** Below the one share of its time in which the event loop works nobody is slowed down; from the other on as far as it goes. */
const CALM = 0.3;
const BUSY = 0.8;
/** One look at the event loop covers at least this. */
const LOOK_MS = 1_000;

/**
 * Milliseconds that each page lets pass before it asks again for lists that go on changing: so long that what all of them
 * ask leaves the process time. `busy`: the share of its time in which the event loop worked, 0 to 1.
 */
export function paceFor(viewers: number, busy: number): number {
  const longest = Math.max(SHORTEST_MS, viewers * MOST_MS_PER_VIEWER);
  const strain = Math.min(1, Math.max(0, (busy - CALM) / (BUSY - CALM)));
  return Math.round(SHORTEST_MS + (longest - SHORTEST_MS) * strain);
}

interface Load {
  at: number;
  seen: ReturnType<typeof performance.eventLoopUtilization>;
  busy: number;
}

const load = () =>
  shared<Load>("load", () => ({ at: performance.now(), seen: performance.eventLoopUtilization(), busy: 0 }));

/** Of this process, now. */
export function currentPace(): number {
  const known = load();
  if (performance.now() - known.at >= LOOK_MS) {
    const { utilization } = performance.eventLoopUtilization(known.seen);
    // Half of what was: one busy second among calm ones changes little, and the pace does not swing.
    known.busy = (known.busy + utilization) / 2;
    known.seen = performance.eventLoopUtilization();
    known.at = performance.now();
  }
  return paceFor(openStreams(), known.busy);
}
