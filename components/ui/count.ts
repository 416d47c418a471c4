import * as format from "@/lib/format/count.ts";
import * as percent from "@/lib/format/percent.ts";

/** A count as it comes: of a block a number, of a pool decimal digits. */
export type Numeric = number | bigint | string;

/** How a count is written. */
export interface CountParts {
  /** The digits, or the base of a power (“≈2” when the power is more than a hundredth off). */
  readonly text: string;
  readonly exponent: string | null;
  /** Every digit. */
  readonly exact: string;
}

/** `26,218`, with every digit. */
export function formatCount(value: Numeric): string {
  return format.formatCount(BigInt(value));
}

/** A count as digits, or as a power of two where its digits would say nothing (only IPv6 gets there). */
export function countParts(value: Numeric): CountParts {
  const number = BigInt(value);
  const parts = format.countParts(number);
  const exact = format.formatCount(number);
  if (parts.kind === "digits") return { text: parts.text, exponent: null, exact };
  const power = 1n << BigInt(parts.exponent);
  const off = number > power ? number - power : power - number;
  return { text: off * 100n > number ? "≈2" : "2", exponent: String(parts.exponent), exact };
}

/** The same in plain text, for labels and titles: `2^64`. */
export function countText(value: Numeric): string {
  const { text, exponent } = countParts(value);
  return exponent === null ? text : `${text}^${exponent}`;
}

/** Navigation counts: exact below 10,000, then `28.5k`, `1.2M`, `2^64`. */
export function shortCount(value: number | bigint): string {
  const number = BigInt(value);
  return number < 10n ** 9n ? format.formatShortCount(Number(number)) : countText(number);
}

/** Share in per cent, 0–100; 0 when the whole is empty. Exact to a ten-thousandth of a per cent. For bars and levels. */
export function percentOf(value: Numeric, whole: Numeric): number {
  const denominator = BigInt(whole);
  if (denominator === 0n) return 0;
  return Number((BigInt(value) * 1_000_000n) / denominator) / 10_000;
}

/** `93 %`, rounded as calicoctl rounds; `<1 %` and `>99 %` where 0 or 100 would lie. */
export function formatPercent(value: Numeric, whole: Numeric): string {
  return percent.formatPercent(BigInt(value), BigInt(whole));
}
