/** Longer than this nothing of ours holds up the loop on purpose. */
const sliceMs = 8;

/** Long work on the main thread, in slices: between them everybody else gets their turn. */
export class Slices {
  private began = performance.now();

  /** Looks at the clock: not for every row. */
  get isOver(): boolean {
    return performance.now() - this.began >= sliceMs;
  }

  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.began = performance.now();
  }
}
