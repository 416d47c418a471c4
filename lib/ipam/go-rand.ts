import { goRandSeeds } from "./data/go-rand-seeds.ts";

const LENGTH = 607;
const TAP = 273;
const MAX_SEED = 2 ** 31 - 1;

/**
 * Go's seeded `math/rand` source, bit for bit: an additive lagged Fibonacci generator over 64-bit words.
 * Source: Go, src/math/rand/rng.go
 */
export class GoRand {
  readonly #words = new BigUint64Array(LENGTH);
  #tap = 0;
  #feed = LENGTH - TAP;

  /** `seed` is a signed 64-bit value in Go; any bigint is reduced as Go reduces it. */
  constructor(seed: bigint) {
    let state = Number(seed % BigInt(MAX_SEED));
    if (state < 0) state += MAX_SEED;
    if (state === 0) state = 89_482_311;
    for (let at = 0; at < 20; at++) state = nextSeed(state);
    for (let at = 0; at < LENGTH; at++) {
      state = nextSeed(state);
      let word = BigInt(state) << 40n;
      state = nextSeed(state);
      word ^= BigInt(state) << 20n;
      state = nextSeed(state);
      word ^= BigInt(state) ^ (goRandSeeds[at] ?? 0n);
      this.#words[at] = BigInt.asUintN(64, word);
    }
  }

  #next64(): bigint {
    this.#tap = (this.#tap + LENGTH - 1) % LENGTH;
    this.#feed = (this.#feed + LENGTH - 1) % LENGTH;
    const word = BigInt.asUintN(64, (this.#words[this.#feed] ?? 0n) + (this.#words[this.#tap] ?? 0n));
    this.#words[this.#feed] = word;
    return word;
  }

  /** Rand.Uint32: the top bit of the 64 is dropped, then the upper 32 are kept. */
  next32(): bigint {
    return BigInt.asUintN(63, this.#next64()) >> 31n;
  }

  /** Uniform in [0, limit). Source: Go, src/math/big/int.go Int.Rand, nat.go random. `limit` is at least 1. */
  below(limit: bigint): bigint {
    const bits = limit.toString(2).length;
    const words = Math.ceil(bits / 64);
    for (;;) {
      let value = 0n;
      for (let at = 0; at < words; at++) {
        const low = this.next32();
        value |= (low | (this.next32() << 32n)) << BigInt(64 * at);
      }
      value = BigInt.asUintN(bits, value);
      if (value < limit) return value;
    }
  }
}

/** One step of the Lehmer generator that fills the source (48271 mod 2^31−1). */
function nextSeed(state: number): number {
  const next = 48_271 * (state % 44_488) - 3_399 * Math.floor(state / 44_488);
  return next < 0 ? next + MAX_SEED : next;
}
