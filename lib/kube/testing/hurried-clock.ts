import { onTestFinished } from "vitest";
import { systemClock, type Clock } from "../clock.ts";

/** Of the machine's time only so much counts between two ticks: a process that stalls finds that its clock has too. */
const MOST_MS = 2;

/**
 * Time that passes so many times as fast as the machine's while the process runs: what takes minutes happens in seconds, in
 * the same order. Starts so far ahead of the machine's, and ends with the test.
 */
export function hurriedClock(factor: number, aheadMs = 0): Clock {
  let now = Date.now() + aheadMs;
  let tickedAt = performance.now();
  const timers = new Set<{ readonly due: number; readonly task: () => void }>();
  const tick = () => {
    const real = performance.now();
    now += Math.min(MOST_MS, real - tickedAt) * factor;
    tickedAt = real;
    for (const timer of [...timers].filter(({ due }) => due <= now).toSorted((a, b) => a.due - b.due)) {
      if (timers.delete(timer)) timer.task();
    }
  };
  const ticking = setInterval(tick, 1);
  onTestFinished(() => clearInterval(ticking));
  return {
    now: () => now,
    after(ms, task) {
      const timer = { due: now + ms, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
}

/** The machine's time, so far ahead. */
export function skewedClock(aheadMs: number): Clock {
  return { ...systemClock, now: () => Date.now() + aheadMs };
}
