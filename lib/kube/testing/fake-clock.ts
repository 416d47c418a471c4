import type { Clock } from "../clock.ts";

/** A clock that tests move by hand. Starts at a round time, so that ages are easy to read. */
export class FakeClock implements Clock {
  #now = 1_700_000_000_000;
  readonly #timers = new Set<{ due: number; task: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    const timer = { due: this.#now + ms, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Milliseconds until each pending timer, sorted. */
  pending(): number[] {
    return Array.from(this.#timers, (timer) => timer.due - this.#now).toSorted((a, b) => a - b);
  }

  /** Moves on and runs what becomes due, in order, each at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = Array.from(this.#timers).toSorted((a, b) => a.due - b.due)[0];
      if (next === undefined || next.due > end) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.task();
    }
    this.#now = end;
  }

  /** As when the machine sleeps: time passes, and what was due runs late, all at the end. */
  jump(ms: number): void {
    this.#now += ms;
    this.advance(0);
  }
}

/** Lets real sockets and promises proceed until the condition holds. The test's own time limit ends a hopeless wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
