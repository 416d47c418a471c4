/** Longer than this nothing of ours holds up the loop on purpose. */
const sliceMs = 8;

/** Long work on the main thread, in slices: between them everybody else gets their turn. */
export class Slices {
  private began = performance.now();
  private readonly signal: AbortSignal | null;

  /** `signal`: aborted, nobody wants the result any more. */
  constructor(signal: AbortSignal | null = null) {
    this.signal = signal;
  }

  /** Looks at the clock: not for every row. */
  get isOver(): boolean {
    return performance.now() - this.began >= sliceMs;
  }

  /** Rejects with the signal's reason when that was aborted meanwhile. */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.signal?.throwIfAborted();
    this.began = performance.now();
  }
}
