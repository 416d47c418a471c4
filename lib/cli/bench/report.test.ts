import { expect, test } from "vitest";
import type { Measurement } from "./measure.ts";
import { type CaseResult, hasFailed, resultsJson, resultsText, verdictOf } from "./report.ts";

const time = (value: number, target: Measurement["target"], against: number | null = null): Measurement => ({
  name: "a figure",
  value,
  against,
  unit: "ms",
  ...(target === undefined ? {} : { target }),
});

test.each<[string, Measurement, boolean, string | null]>([
  ["no target", time(9, undefined), false, null],
  ["just met", time(50, { value: 50 }), false, "met"],
  ["missed within the slack", time(100, { value: 50 }), false, "missed"],
  ["more than twice above", time(101, { value: 50 }), false, "failed"],
  ["out of reach, and known", time(101, { value: 50, slack: 3 }), false, "missed"],
  ["worse than that", time(151, { value: 50, slack: 3 }), false, "failed"],
  ["a time in the short variant", time(101, { value: 50 }), true, "missed"],
  ["a very long one there", time(501, { value: 50 }), true, "failed"],
  ["a ratio there", time(21, { ratio: 1 / 10 }, 100), true, "failed"],
  ["the worse of two bounds counts", time(60, { ratio: 1 / 10, value: 20 }, 1_000), false, "failed"],
  ["nothing allowed, nothing there", { ...time(0, { value: 0 }), unit: "count" }, false, "met"],
  ["nothing allowed, something there", { ...time(1, { value: 0 }), unit: "count" }, true, "failed"],
  ["not measured", time(Number.NaN, { value: 50 }), false, "failed"],
  ["a ratio without its peer", time(1, { ratio: 1 }, Number.NaN), false, "failed"],
])("%s", (_, one, short, verdict) => {
  expect(verdictOf(one, short)).toBe(verdict);
});

const result = (measurements: readonly Measurement[], error: string | null = null): CaseResult => ({
  name: "sync",
  summary: "from list to store",
  measurements,
  error,
  seconds: 1,
  secondTry: false,
});

test("a case that ended in an error has failed, and is a row like the others", () => {
  const good = result([time(5, { ratio: 1 / 20 }, 200), time(3, undefined)]);
  const bad = result([time(90, { value: 50 })], "the peer ended: no memory");
  expect([hasFailed(good, false), hasFailed(bad, false)]).toEqual([false, true]);
  const text = resultsText([good, bad], false);
  expect(text).toContain("the peer ended: no memory");
  expect(text).toMatch(/a figure +\| +5.00 ms \| +200 ms \| +1\/40 \| +≤ 1\/20 \| met/);
  expect(text.trimEnd().split("\n").at(-1)).toBe("1 met, 1 missed, 1 failed");
  expect(resultsJson([good], false)[0]?.measurements[0]).toMatchObject({ ratio: 1 / 40, shareOfTarget: 0.5 });
});
