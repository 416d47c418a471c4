interface Flight<Result> {
  readonly done: Promise<Result>;
  readonly wanted: AbortController;
  waiting: number;
}

/** Work that everybody waits for who asks for the same at one time. */
export class Flights<Result> {
  private readonly flights = new Map<string, Flight<Result>>();

  /**
   * What `work` makes, or what those make of it who work on the key already. Rejects with the signal's reason when that is aborted;
   * `isGivenUp`, and `wanted` by being aborted, say that nobody waits any more; whoever asks then begins anew.
   */
  async share(
    key: string,
    signal: AbortSignal | null,
    work: (isGivenUp: () => boolean, wanted: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    let flight = this.flights.get(key);
    if (!flight) {
      const wanted = new AbortController();
      const started: Flight<Result> = {
        waiting: 0,
        wanted,
        done: Promise.resolve()
          .then(() => work(() => wanted.signal.aborted, wanted.signal))
          .finally(() => this.forget(key, started)),
      };
      flight = started;
      this.flights.set(key, flight);
      // Whoever waits hears of it; nobody may be left.
      flight.done.catch(() => {});
    }
    flight.waiting += 1;
    try {
      return await unlessAborted(flight.done, signal);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) this.giveUp(key, flight);
    }
  }

  private giveUp(key: string, flight: Flight<Result>): void {
    if (this.flights.get(key) !== flight) return;
    this.forget(key, flight);
    flight.wanted.abort();
  }

  private forget(key: string, flight: Flight<Result>): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
  }
}

async function unlessAborted<Result>(done: Promise<Result>, signal: AbortSignal | null): Promise<Result> {
  if (!signal) return done;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([done, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
