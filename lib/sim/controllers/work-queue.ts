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
  #current: Promise<void> = Promise.resolve();
  #state: "waiting" | "idle" | "running" | "stopped" = "waiting";

  constructor(work: (key: string) => Promise<void>, onError: (key: string, error: unknown) => void) {
    this.#work = work;
    this.#onError = onError;
  }

  add(key: string): void {
    if (this.#state === "stopped") return;
    this.#waiting.add(key);
    if (this.#state === "idle") this.#current = this.#run();
  }

  /** A second call for the same key replaces the first. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#state === "stopped") return;
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, milliseconds);
    this.#timers.set(key, timer);
  }

  /** Nothing is worked on before this: a controller must know all its kinds first. */
  start(): void {
    if (this.#state === "waiting") this.#current = this.#run();
  }

  /** Takes up nothing more; resolves when the work under way has ended. */
  async stop(): Promise<void> {
    this.#state = "stopped";
    this.#waiting.clear();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await this.#current;
  }

  async #run(): Promise<void> {
    this.#state = "running";
    // A turn of the event loop first: changes that arrive together are worked on together.
    await new Promise((resolve) => setImmediate(resolve));
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      try {
        await this.#work(next);
        this.#failures.delete(next);
      } catch (error) {
        if (this.#isStopped()) return;
        const failures = this.#failures.get(next) ?? 0;
        this.#failures.set(next, failures + 1);
        this.#onError(next, error);
        this.addAfter(next, Math.min(50 * 2 ** failures, 10_000));
      }
    }
    if (!this.#isStopped()) this.#state = "idle";
  }

  #isStopped(): boolean {
    return this.#state === "stopped";
  }

  #take(): string | undefined {
    const [next] = this.#waiting;
    if (next !== undefined) this.#waiting.delete(next);
    return next;
  }
}
