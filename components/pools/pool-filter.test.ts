import { expect, test } from "vitest";
import type { Pool } from "@/lib/contract/pools.ts";
import { countIn, matchesSegment } from "./pool-filter.ts";

// Only what a segment looks at.
const pool = (inUse: string | null) =>
  ({ state: { allocatable: true }, usage: { inUse, capacity: "100" } }) as Pool;

test("pools over 75 % are counted", () => {
  expect(countIn([pool("80"), pool("10")], "high")).toBe(1);
});

test("a pool whose use is unknown may be over 75 %, so nobody can say how many are", () => {
  expect(matchesSegment(pool(null), "high")).toBe(true);
  expect(countIn([pool(null), pool("80")], "high")).toBe(null);
  expect(countIn([pool(null), pool("80")], "allocatable")).toBe(2);
});
