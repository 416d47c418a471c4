import { expect, test } from "vitest";
import { depthOf } from "./model.ts";
import { depthRanges } from "./words.ts";

test("the ranges under the ramp are those of the design", () => {
  expect(depthRanges(64)).toEqual(["0 used", "1–15", "16–31", "32–47", "48–63", "64"]);
});

test.each([2, 4, 16, 64, 256, 4096])("the ranges of blocks of %d are those of the colours", (capacity) => {
  const ranges = depthRanges(capacity);
  for (let used = 1; used <= capacity; used += 1) {
    const [from, to = from] = (ranges[depthOf(used, capacity)] ?? "").split("–").map(Number);
    expect(used).toBeGreaterThanOrEqual(from ?? Number.NaN);
    expect(used).toBeLessThanOrEqual(to ?? Number.NaN);
  }
});
