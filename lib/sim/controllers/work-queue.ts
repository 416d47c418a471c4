/**
 * Keys to be worked on, one at a time, in the order they came; a key added twice before its turn is worked on once, one
 * added during its turn once more. Work that throws is tried again later: 50 ms, doubling up to 10 s.
 */
export class WorkQueue {
  readonly #work: (key: string) => Promise<void>;
  readonly #onError: (key: string, error: unknown) => void;
  readonly #waiting = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #running = false;
  #stopped = false;

  constructor(work: (key: string) => Promise<void>, onError: (key: string, error: unknown) => void) {
    this.#work = work;
    this.#onError = onError;
  }

  add(key: string): void {
    if (this.#stopped) return;
    this.#waiting.add(key);
    if (!this.#running) void this.#run();
  }

  /** A second call for the same key replaces the first. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, milliseconds);
    this.#timers.set(key, timer);
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  async #run(): Promise<void> {
    this.#running = true;
    // A turn of the event loop first: changes that arrive together are worked on together.
    await new Promise((resolve) => setImmediate(resolve));
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      try {
        await this.#work(next);
        this.#failures.delete(next);
      } catch (error) {
        if (this.#stopped) break;
        const failures = this.#failures.get(next) ?? 0;
        this.#failures.set(next, failures + 1);
        this.#onError(next, error);
        this.addAfter(next, Math.min(50 * 2 ** failures, 10_000));
      }
    }
    this.#running = false;
  }

  #take(): string | undefined {
    const [next] = this.#waiting;
    if (next !== undefined) this.#waiting.delete(next);
    return next;
  }
}
