/** `26,218`. */
export function formatCount(count: number | bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** For navigation, where room is short: `9,999`, then `28.5k`, `3.1M`. */
export function formatShortCount(count: number): string {
  if (count < 10_000) return formatCount(count);
  const [unit, letter] = count < 999_950 ? [1_000, "k"] : [1_000_000, "M"];
  return `${formatCount(Number((count / unit).toFixed(1)))}${letter}`;
}

/** A count as text, or as a power of two where its digits would say nothing. `exact`: false when it is only near the power. */
export type CountParts =
  | { readonly kind: "digits"; readonly text: string }
  | { readonly kind: "power"; readonly base: 2; readonly exponent: number; readonly exact: boolean };

const LONGEST_DIGITS = 10n ** 10n;

/** From ten billion on the nearest power of two stands for the digits: an IPv6 /64 is 2^64. */
export function countParts(count: bigint): CountParts {
  if (count < LONGEST_DIGITS) return { kind: "digits", text: formatCount(count) };
  const exponent = Math.round(Math.log2(Number(count)));
  return { kind: "power", base: 2, exponent, exact: count === 1n << BigInt(exponent) };
}
