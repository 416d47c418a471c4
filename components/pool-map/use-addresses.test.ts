import { expect, test } from "vitest";
import { emptyMap, testMap } from "./testing.ts";
import { partsOf } from "./use-addresses.ts";

test.each([
  [
    "blocks of 64: 4,096 addresses at once",
    emptyMap(1024, "10.255.0.0/16"),
    [0, 63, 64, 200],
    ["10.255.0.0/20", "10.255.16.0/20", "10.255.48.0/20"],
  ],
  ["a pool smaller than that: all of it", emptyMap(4, "10.70.8.0/24"), [0, 3], ["10.70.8.0/24"]],
  ["blocks larger than that: each its own", emptyMap(4, "10.0.0.0/14", 16), [1], ["10.1.0.0/16"]],
  [
    "a sparse pool: where its claimed blocks lie",
    testMap({ used: [2, 3], cidr: "fd00::/64", blockSize: 122, slot: [1n, 2n ** 40n] }),
    [0, 1],
    ["fd00::/116", "fd00::4000:0:0/116"],
  ],
])("%s", (_what, map, rows, parts) => expect(partsOf(map, rows)).toEqual(parts));

test("no more parts are read at once than forty", () => {
  const rows = Array.from({ length: 100 }, (_unused, index) => index * 64);
  expect(partsOf(emptyMap(16_384, "10.16.0.0/12"), rows)).toHaveLength(40);
});
