import type { Clock } from "./clock.ts";

/** A callback threw. Its owner's picture may be half updated, so it gets the whole contents again. */
export class ConsumerError extends Error {
  override readonly name = "ConsumerError";
}

const WINDOW_MS = 60_000;

/** Calls the reflector's consumers and survives them, once: two failures within a minute end the process, to be restarted. */
export class ConsumerGuard {
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown, again: boolean) => void;
  readonly #exit: (code: number) => void;
  #failedAt: number | null = null;

  /** `onFailure` is told of every failure; `again` means that the process is about to end. */
  constructor(
    clock: Clock,
    onFailure: (error: unknown, again: boolean) => void,
    exit: (code: number) => void,
  ) {
    this.#clock = clock;
    this.#onFailure = onFailure;
    this.#exit = exit;
  }

  /** Throws ConsumerError when the callback throws. One that returns a promise is not waited for, but may fail all the same. */
  call(callback: () => unknown): void {
    let result: unknown;
    try {
      result = callback();
    } catch (error) {
      this.#failed(error);
      throw new ConsumerError("a consumer failed");
    }
    if (result instanceof Promise) result.catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    const now = this.#clock.now();
    const again = this.#failedAt !== null && now - this.#failedAt < WINDOW_MS;
    this.#failedAt = now;
    this.#onFailure(error, again);
    // Next goes on after unhandled rejections and uncaught exceptions, so ending is up to us.
    if (again) this.#exit(1);
  }
}
