import { isTurnOver, nextTurn } from "../kube/turns.ts";

/**
 * Long work on the main thread, in slices: between them everybody else gets their turn. However many work so at one time, they
 * share the slice of a turn: with one each, five lists would hold up the loop for five.
 */
export class Slices {
  private readonly signal: AbortSignal | null;

  /** `signal`: aborted, nobody wants the result any more. */
  constructor(signal: AbortSignal | null = null) {
    this.signal = signal;
  }

  /** Looks at the clock: not for every row. */
  get isOver(): boolean {
    return isTurnOver();
  }

  /** Rejects with the signal's reason when that was aborted meanwhile. */
  async next(): Promise<void> {
    do await nextTurn();
    while (isTurnOver());
    this.signal?.throwIfAborted();
  }
}
