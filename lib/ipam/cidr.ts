import type { Family } from "./address.ts";

/** A masked network: the bits of `base` below `prefix` are zero. */
export interface Cidr {
  readonly family: Family;
  readonly base: bigint;
  /** Prefix length, 0–32 or 0–128. */
  readonly prefix: number;
}
