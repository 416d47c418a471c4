/**
 * Go's `%.5g`: five significant digits, trailing zeros dropped, exponent form from 100,000 on. Whole numbers only.
 * Rounded from the double nearest to `value`, as calicoctl does.
 */
export function formatG5(value: bigint): string {
  if (-FIVE_DIGITS < value && value < FIVE_DIGITS) return value.toString();
  const [mantissa = "", exponent = ""] = Number(value).toExponential(4).split("e+");
  return `${mantissa.replace(/\.?0+$/, "")}e+${exponent.padStart(2, "0")}`;
}

const FIVE_DIGITS = 100_000n;

/**
 * Whole percent as calicoctl prints it: a double, rounded half to even, so 12.5 gives 12 and 37.5 gives 38.
 * A pool with no addresses does not exist; 0 of 0 gives 0.
 */
export function wholePercent(part: bigint, whole: bigint): number {
  if (whole === 0n) return 0;
  const percent = (100 * Number(part)) / Number(whole);
  const floor = Math.floor(percent);
  const above = percent - floor;
  if (above !== 0.5) return above < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
