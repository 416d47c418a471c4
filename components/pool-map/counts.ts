import { type PoolMap, poolMapFlags } from "@/lib/contract/pool-map.ts";
import { Counter } from "./counter.ts";

/** How many rows of a map say what. */
export interface MapCounts {
  /** By what `used` says. */
  readonly used: Uint32Array;
  /** By all flags of a row together. */
  readonly flags: Uint32Array;
}

/** Flags or-ed are below it. */
export const mostFlags = 2 * Math.max(...Object.values(poolMapFlags));

/** Counts one map after another: of one that changes little by little, what has changed. */
export class MapCounter {
  private readonly used = new Counter();
  private readonly flags = new Counter();

  of({ header, used, flags }: PoolMap): MapCounts {
    return { used: this.used.of(used, header.capacity + 2), flags: this.flags.of(flags, mostFlags) };
  }
}
