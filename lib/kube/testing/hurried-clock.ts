import type { Clock } from "../clock.ts";

/** The machine's time, so many times as fast and perhaps ahead: what takes minutes happens in seconds, in the same order. */
export function hurriedClock(factor: number, aheadMs = 0): Clock {
  const startedAt = performance.now();
  const origin = Date.now() + aheadMs;
  return {
    now: () => origin + (performance.now() - startedAt) * factor,
    after(ms, task) {
      const timer = setTimeout(task, ms / factor);
      return () => clearTimeout(timer);
    },
  };
}
