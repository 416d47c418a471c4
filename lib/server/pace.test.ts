import { expect, test } from "vitest";
import { paceFor } from "./pace.ts";

test.each([
  ["one viewer, calm", 1, 0, 500],
  ["one viewer, no time left", 1, 1, 500],
  ["many that only look", 500, 0.1, 500],
  ["many that ask, half way", 500, 0.55, 5_250],
  ["many, no time left", 500, 1, 10_000],
])("%s", (_what, viewers, busy, milliseconds) => expect(paceFor(viewers, busy)).toBe(milliseconds));
