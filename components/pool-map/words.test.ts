import { expect, test } from "vitest";
import { addressBits, type AddressMap } from "@/lib/contract/address-map.ts";
import { type PoolMap, poolMapFlags } from "@/lib/contract/pool-map.ts";
import { MapCounter } from "./counts.ts";
import { depthOf } from "./model.ts";
import { emptyMap, testMap } from "./testing.ts";
import { cellWords, depthRanges, spotWords, summaryWords } from "./words.ts";

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

test.each([
  [0, "10.64.0.0/26, unclaimed"],
  [1, "10.64.0.64/26, unclaimed, reserved"],
  [2, "10.64.0.128/26, 0 of 64 in use, no owner"],
  [3, "10.64.0.192/26, 64 of 64 in use"],
])("cell %d is %s", (row, words) => {
  const { reserved, noOwner } = poolMapFlags;
  expect(cellWords(testMap({ used: [0, 0, 1, 65], flags: [0, reserved, noOwner, 0] }), row)).toBe(words);
});

const summaryOf = (map: PoolMap) => summaryWords(map, new MapCounter().of(map).used);

test("a map in a sentence", () => {
  expect(summaryOf(testMap({ used: [0, 1, 65, 65, 9] }))).toBe(
    "4 of 5 blocks claimed, 2 full, 1 without an address in use.",
  );
  expect(summaryOf(emptyMap(4))).toBe("0 of 4 blocks claimed, none full.");
});

const { borrowed, reserved, leak } = addressBits;

test.each([
  [0, "10.64.0.64, unclaimed, in 10.64.0.64/26"],
  [1, "10.64.0.64, free, in 10.64.0.64/26"],
  [1 | reserved, "10.64.0.64, free, reserved, in 10.64.0.64/26"],
  [2 | borrowed, "10.64.0.64, pod of web, borrowed by node-2, in 10.64.0.64/26"],
  [
    2 | leak | reserved,
    "10.64.0.64, pod of web, leak candidate, reserved as well, on node-2, in 10.64.0.64/26",
  ],
  [8, "10.64.0.64, cooling of web, on node-2, in 10.64.0.64/26"],
])("an address of state %d is “%s”", (state, words) => {
  const held = (state & 15) > 1 ? 1 : 0;
  const map: AddressMap = {
    header: {
      version: "e.1",
      pool: "p",
      cidr: "10.64.0.64/26",
      count: 64,
      nodes: ["node-2"],
      namespaces: ["web"],
      columns: [],
    },
    state: Uint8Array.of(state),
    node: Uint16Array.of(held),
    namespace: Uint16Array.of(held),
  };
  expect(spotWords(emptyMap(64), { row: 1, ordinal: 0 }, () => ({ map, at: 0 }))).toBe(words);
});

test("an address that is not read yet is not guessed", () => {
  expect(spotWords(emptyMap(64), { row: 1, ordinal: 5 }, null)).toBe(
    "10.64.0.69, not read yet, in 10.64.0.64/26",
  );
});
