/** A token bucket per caller: `burst` writes at once, then `perSecond`. Memory is bounded: idle callers are forgotten. */
export class RateLimit {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(burst: number, perSecond: number, now: () => number = Date.now) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
  }

  /** Takes one token: 0 when there was one, else the whole seconds until there will be. */
  take(caller: string): number {
    const now = this.#now();
    const tokens = this.#tokens(caller, now);
    const wait = this.#secondsUntilOne(tokens);
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { tokens: wait === 0 ? tokens - 1 : tokens, at: now });
    this.#forgetIdle(now);
    return wait;
  }

  /** What `take` would answer; nothing is taken. */
  wait(caller: string): number {
    return this.#secondsUntilOne(this.#tokens(caller, this.#now()));
  }

  #tokens(caller: string, now: number): number {
    const bucket = this.#buckets.get(caller) ?? { tokens: this.#burst, at: now };
    return Math.min(this.#burst, bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond);
  }

  #secondsUntilOne(tokens: number): number {
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.#perSecond));
  }

  /** Buckets are in order of use; one that has had time to fill again says nothing. */
  #forgetIdle(now: number): void {
    const fillMs = (this.#burst / this.#perSecond) * 1000;
    for (const [caller, { at }] of this.#buckets) {
      if (now - at < fillMs) break;
      this.#buckets.delete(caller);
    }
  }
}
