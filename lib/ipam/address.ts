/** IP version. */
export type Family = 4 | 6;

/** One IP address of either family. `value` is 0 ≤ value < 2^32 (IPv4) or 2^128 (IPv6). */
export interface Address {
  readonly family: Family;
  readonly value: bigint;
}
