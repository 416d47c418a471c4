import { expect, test } from "vitest";
import { ApiError, UnreachableError } from "./errors.ts";
import { type Outcome, RetryPolicy } from "./retry-policy.ts";
import { FakeClock } from "./testing/fake-clock.ts";

/** The middle of the jitter. */
const policy = () => new RetryPolicy(new FakeClock(), () => 0.5);

const broken = (followedMs: number): Outcome => ({
  type: "failed",
  during: "watch",
  error: new UnreachableError("network", "maybe", "cut"),
  followedMs,
});
const busy: Outcome = {
  type: "failed",
  during: "watch",
  error: new ApiError({ status: 503, reason: "ServiceUnavailable", message: "busy" }),
  followedMs: 0,
};
const times = (count: number, outcome: Outcome) => Array.from({ length: count }, () => outcome);
const closedAtOnce: Outcome = { type: "closed", aliveMs: 10, events: 0 };

test.each<[string, Outcome[], number[]]>([
  ["a server that is away", times(7, broken(0)), [200, 400, 800, 1600, 3200, 5000, 5000]],
  ["watches that are taken and cut", times(5, broken(300)), [200, 400, 400, 400, 400]],
  [
    "one that is taken and cut after an outage",
    [...times(4, broken(0)), broken(300)],
    [200, 400, 800, 1600, 400],
  ],
  ["one that was followed for a while", [...times(3, broken(0)), broken(5_000)], [200, 400, 800, 200]],
  ["a server that closes watches at once", times(4, closedAtOnce), [200, 400, 800, 1600]],
  ["a server that is too busy", times(3, busy), [200, 400, 800]],
])("%s: how long until the next try", (_, outcomes, expected) => {
  const retry = policy();
  expect(outcomes.map((outcome) => Math.round(retry.next(outcome, true).waitMs))).toEqual(expected);
});
