import type { Inventory } from "../inventory/inventory.ts";
import { Flights } from "../inventory/flights.ts";
import { Recent } from "../inventory/recent.ts";
import { shared } from "./shared.ts";

/** What time alone changes, and nobody is told of, is never older than this. */
const longestMs = 1_000;

interface Made<Value> {
  readonly value: Value;
  readonly at: number;
}

const writes = () => shared("writesDone", () => ({ count: 0 }));

/** A write of ours is done, and the inventory has seen it: whoever asks from now on is to see it too. */
export function noteWrite(): void {
  writes().count += 1;
}

/**
 * What was made of an inventory since viewers were last told of a change, by question: all who ask the same then are given the
 * same, and it is made once. With 1,000 events a second hardly two of 500 viewers meet one version, but all of them ask after
 * the same news, and that is in what they are given. While nothing happens news are told at once, so nobody gets anything old.
 */
export class SinceTold<Value> {
  readonly #inventory: Inventory;
  readonly #most: number;
  #told = -1;
  #writes = -1;
  #values: Recent<Made<Value>>;
  #flights = new Flights<Value>();

  /** `most`: values that are kept; the one that was not asked for longest goes. */
  constructor(inventory: Inventory, most: number) {
    this.#inventory = inventory;
    this.#most = most;
    this.#values = new Recent(most);
  }

  /** Rejects with the signal's reason when that is aborted; the signal that `make` gets is when nobody waits any more. */
  async ask(
    key: string,
    signal: AbortSignal | null,
    make: (wanted: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    this.#forget();
    const values = this.#values;
    const known = values.get(key);
    if (known && performance.now() - known.at < longestMs) return known.value;
    return this.#flights.share(key, signal, async (_isGivenUp, wanted) => {
      const at = performance.now();
      const value = await make(wanted);
      values.set(key, { value, at });
      return value;
    });
  }

  /** What is under way since before is for those who wait for it already. */
  #forget(): void {
    const { told } = this.#inventory.changes;
    const { count } = writes();
    if (told === this.#told && count === this.#writes) return;
    this.#told = told;
    this.#writes = count;
    this.#values = new Recent(this.#most);
    this.#flights = new Flights();
  }
}
