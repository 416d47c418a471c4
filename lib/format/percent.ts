import { wholePercent } from "./go-number.ts";

/** `93 %`, rounded as calicoctl rounds; `<1 %` and `>99 %` where 0 or 100 would lie. */
export function formatPercent(part: bigint, whole: bigint): string {
  const percent = wholePercent(part, whole);
  if (percent === 0 && part > 0n) return "<1 %";
  if (percent === 100 && part < whole) return ">99 %";
  return `${percent} %`;
}
