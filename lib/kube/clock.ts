/** Time as this folder sees it. Injected everywhere, so that tests move it by hand and nothing sleeps. */
export interface Clock {
  /** Milliseconds since 1970. Wall time: a suspended machine must show up as a jump. */
  now(): number;
  /** Runs `task` once after `ms` milliseconds; the returned function cancels it and may be called at any time. */
  after(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms` milliseconds, or as soon as `signal` aborts: callers look at the signal, nothing is thrown. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener("abort", done);
  });
}
