const huge = 2n ** 32n;

/** How a count is written. */
export interface CountParts {
  /** The number, or the base of the power (“2”, “≈2” when the power is not exact). */
  readonly text: string;
  readonly exponent: string | null;
  /** Every digit. */
  readonly exact: string;
}

/** Groups digits by thousands: `26,218`. */
export function formatCount(value: number | bigint | string): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A count as text, or as a power of two from 2³² on (only IPv6 gets there). */
export function countParts(value: number | bigint | string): CountParts {
  const exact = formatCount(value);
  const number = BigInt(value);
  if (number < huge) return { text: exact, exponent: null, exact };
  const power = nearestPower(number);
  const off = number > 2n ** power ? number - 2n ** power : 2n ** power - number;
  return { text: off * 100n > number ? "≈2" : "2", exponent: String(power), exact };
}

function nearestPower(number: bigint): bigint {
  const floor = BigInt(number.toString(2).length - 1);
  // Halfway in the logarithm is √2 above the lower power.
  return number * number > 2n ** (2n * floor + 1n) ? floor + 1n : floor;
}

/** The same in plain text, for labels and titles: `2^64`. */
export function countText(value: number | bigint | string): string {
  const { text, exponent } = countParts(value);
  return exponent === null ? text : `${text}^${exponent}`;
}

/** Nav counts: exact below 10,000, then `28.5k`, `1.2M`. */
export function shortCount(value: number | bigint): string {
  const number = Number(value);
  if (number < 10_000) return formatCount(value);
  if (number < 999_950) return `${(number / 1000).toFixed(1)}k`;
  if (number < 1e9) return `${(number / 1e6).toFixed(1)}M`;
  return countText(value);
}

/** Share in per cent, 0–100; 0 when the whole is empty. Bigints stay exact to a ten-thousandth of a per cent. */
export function percentOf(value: number | bigint | string, whole: number | bigint | string): number {
  const denominator = BigInt(whole);
  if (denominator === 0n) return 0;
  return Number((BigInt(value) * 1_000_000n) / denominator) / 10_000;
}

/** `93 %`; `<1 %` and `>99 %` where 0 or 100 would lie. */
export function formatPercent(value: number | bigint | string, whole: number | bigint | string): string {
  const part = BigInt(value);
  const rounded = Math.round(percentOf(value, whole));
  if (rounded === 0 && part > 0n) return "<1 %";
  if (rounded >= 100 && part < BigInt(whole)) return ">99 %";
  return `${rounded} %`;
}
