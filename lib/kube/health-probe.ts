import type { Clock } from "./clock.ts";
import { ApiError, UnreachableError } from "./errors.ts";

export type Suspicion = "unreachable" | "woke";

const EVERY_MS = 10_000;
const LATE_MS = 10_000;

/**
 * Asks the API server for a sign of life every 10 s while somebody listens, because a watch on a half-open connection
 * looks exactly like one where nothing happens. Also notices that the machine slept: then its own timer comes late.
 */
export class HealthProbe {
  readonly #clock: Clock;
  readonly #ping: () => Promise<unknown>;
  readonly #onSuspicion: () => void;
  readonly #listeners = new Set<(suspicion: Suspicion, askedAt: number) => void>();
  #cancel: (() => void) | null = null;
  /** Rises when the last listener leaves, so that a probe still under way does not go on by itself. */
  #round = 0;
  #lastOkAt: number | null = null;

  /**
   * `ping` resolves, or rejects with ApiError, when a server answered, whatever it said.
   * `onSuspicion` is called once, before the listeners.
   */
  constructor(clock: Clock, ping: () => Promise<unknown>, onSuspicion: () => void) {
    this.#clock = clock;
    this.#ping = ping;
    this.#onSuspicion = onSuspicion;
  }

  /** When the server last answered a probe, in milliseconds since 1970, or null. */
  get lastOkAt(): number | null {
    return this.#lastOkAt;
  }

  /** `askedAt` is when the unanswered question was put: bytes received since then disprove the suspicion. */
  listen(listener: (suspicion: Suspicion, askedAt: number) => void): () => void {
    this.#listeners.add(listener);
    if (this.#cancel === null) this.#schedule();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#cancel?.();
      this.#cancel = null;
      this.#round += 1;
    };
  }

  #schedule(): void {
    const due = this.#clock.now() + EVERY_MS;
    this.#cancel = this.#clock.after(EVERY_MS, () => void this.#tick(due));
  }

  async #tick(due: number): Promise<void> {
    const round = this.#round;
    const askedAt = this.#clock.now();
    if (askedAt - due > LATE_MS) this.#tell("woke", askedAt);
    try {
      await this.#ping();
      this.#lastOkAt = this.#clock.now();
    } catch (error) {
      if (error instanceof UnreachableError) this.#tell("unreachable", askedAt);
      if (error instanceof ApiError) this.#lastOkAt = this.#clock.now();
    }
    if (round === this.#round) this.#schedule();
  }

  #tell(suspicion: Suspicion, askedAt: number): void {
    this.#onSuspicion();
    for (const listener of this.#listeners) listener(suspicion, askedAt);
  }
}
