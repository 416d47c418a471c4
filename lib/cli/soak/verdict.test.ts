import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeGrowth, type Point, quantile } from "./verdict.ts";

const bound = { share: 0.05, least: 10 };
const series = (count: number, value: (index: number) => number): Point[] =>
  Array.from({ length: count }, (_, index) => ({ at: index * 10, value: value(index) }));

/** −0.5 to 0.5, the same each time. */
const noise = (index: number) => ((index * 7919) % 101) / 100 - 0.5;

test.each([
  ["a leak of half the level", series(60, (index) => 100 + index), false],
  [
    "a leak under noise as large as itself",
    series(90, (index) => 100 + index / 2 + 40 * noise(index)),
    false,
  ],
  ["steps that never come down", series(60, (index) => 100 + 20 * Math.floor(index / 15)), false],
  ["a level that nothing happens to", series(60, () => 100), true],
  ["noise", series(60, (index) => 100 + 50 * noise(index)), true],
  ["a sawtooth", series(60, (index) => 100 + 5 * (index % 9)), true],
  ["a sawtooth of three teeth", series(60, (index) => 100 + 2 * (index % 20)), true],
  ["caches that fill at the beginning", series(60, (index) => Math.min(100 + 20 * index, 300)), true],
  ["one outlier at the end", series(60, (index) => (index === 59 ? 10_000 : 100)), true],
  ["what shrinks", series(60, (index) => 500 - index), true],
  ["too few points to say anything", series(5, (index) => 100 * index), true],
  ["nothing", [], true],
])("%s", (_name, points, isFlat) => {
  expect(judgeGrowth(points, bound).isFlat).toBe(isFlat);
});

test("growth is what a straight line grows in the time after the warm-up", () => {
  const { growth, level, allowed } = judgeGrowth(
    series(101, (index) => 1_000 + 3 * index),
    bound,
  );
  expect(growth).toBeCloseTo(240);
  expect(level).toBe(1_180);
  expect(allowed).toBe(59);
});

test("a leak is found in any noise that is smaller than what leaks, and no noise is a leak", () => {
  const point = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(point, { minLength: 60, maxLength: 120 }), (values) => {
      const still = values.map((value, index) => ({ at: index, value: 100 + 4 * value }));
      const leaking = still.map(({ at, value }) => ({ at, value: value + (60 * at) / values.length }));
      return judgeGrowth(still, bound).isFlat && !judgeGrowth(leaking, bound).isFlat;
    }),
  );
});

test("a quantile is a value that is there", () => {
  expect([0, 0.5, 0.99, 1].map((share) => quantile([5, 1, 4, 2, 3], share))).toEqual([1, 3, 5, 5]);
  expect(quantile([], 0.5)).toBeNaN();
});
