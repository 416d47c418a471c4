import { expect, test } from "vitest";
import { RateLimit } from "./rate-limit.ts";

function limitOf(burst: number, perSecond: number) {
  const clock = { now: 1_000_000 };
  return { clock, limit: new RateLimit(burst, perSecond, () => clock.now) };
}

test("a burst at once, then as many as come in", () => {
  const { clock, limit } = limitOf(3, 2);
  expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 0]);
  expect(limit.take("a")).toBe(1);
  clock.now += 500;
  expect([limit.take("a"), limit.take("a")]).toEqual([0, 1]);
  clock.now += 60_000;
  expect([limit.take("a"), limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 0, 1]);
});

test("callers do not pay for each other", () => {
  const { limit } = limitOf(1, 1);
  expect([limit.take("a"), limit.take("b"), limit.take("a")]).toEqual([0, 0, 1]);
});

test("the wait is told in whole seconds, long enough", () => {
  const { clock, limit } = limitOf(1, 0.1);
  limit.take("a");
  const wait = limit.take("a");
  clock.now += wait * 1000;
  expect(limit.take("a")).toBe(0);
});
