interface Flight<Result> {
  readonly done: Promise<Result>;
  waiting: number;
}

/** Work that everybody waits for who asks for the same at one time. */
export class Flights<Result> {
  private readonly flights = new Map<string, Flight<Result>>();

  /**
   * What `work` makes, or what those make of it who work on the key already. Rejects with the signal's reason when that is aborted;
   * `isGivenUp` says that nobody waits any more.
   */
  async share(
    key: string,
    signal: AbortSignal | null,
    work: (isGivenUp: () => boolean) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    let flight = this.flights.get(key);
    if (!flight) {
      const started: Flight<Result> = {
        waiting: 0,
        done: Promise.resolve()
          .then(() => work(() => started.waiting === 0))
          .finally(() => this.flights.delete(key)),
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
    }
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
