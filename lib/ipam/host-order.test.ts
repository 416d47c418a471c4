import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCidr, parseCidr } from "./cidr.ts";
import vectors from "./data/start-index-vectors.json" with { type: "json" };
import { GoRand } from "./go-rand.ts";
import { blockAround, blockAt, blockIndex, blocksInPool, fnv1, hostOrder, startIndex } from "./host-order.ts";
import { parseAddress } from "./address.ts";

test.each([
  ["node-a", 568266999],
  ["worker-49", 3157058357],
  ["load-balancer", 4270604816],
])("FNV-1 of %s", (host, hash) => {
  expect(fnv1(host)).toBe(hash);
});

test.each([
  ["node-a", ["437bfb4f5c55baba", "705b1edf659594b1", "f50b73fe82badfca", "cd3c5453c9049c9d"]],
  ["node-b", ["02657a269874de9f", "6ddf221080037b69", "573c874e9a42b718", "26787442cd316a02"]],
  ["worker-34", ["3a8ee18a11dcedd9", "90574571be8d27c8", "b17994258dea5ffb", "2240ff314f92ec00"]],
])("first words of Go's source seeded by %s", (host, words) => {
  const source = new GoRand(BigInt(fnv1(host)));
  const drawn = words.map(() => {
    const low = source.next32();
    return (low | (source.next32() << 32n)).toString(16).padStart(16, "0");
  });
  expect(drawn).toEqual(words);
});

describe("start index", () => {
  test(`all ${vectors.length} vectors computed with Go`, () => {
    const wrong = vectors.filter(
      ({ Host, Blocks, Start }) => startIndex(Host, BigInt(Blocks)) !== BigInt(Start),
    );
    expect(wrong).toEqual([]);
    expect(vectors.length).toBeGreaterThan(500);
  });

  test.each([
    ["node-a", 16n, 10n],
    ["node-a", 4096n, 3256n],
    ["node-a", 2n ** 58n, 251070522519304890n],
    ["worker-49", 2n ** 58n, 19239173303127593n],
    ["k3d-dev-server-0", 1024n, 2n],
  ])("%s with %d blocks starts at %d", (host, blocks, start) => {
    expect(startIndex(host, blocks)).toBe(start);
  });

  test("stays below the number of blocks, also beyond 64 bits", () => {
    fc.assert(
      fc.property(fc.string(), fc.bigInt(1n, 2n ** 108n), (host, blocks) => {
        const start = startIndex(host, blocks);
        expect(start >= 0n && start < blocks).toBe(true);
      }),
    );
  });
});

describe("host order", () => {
  test("visits every block once, wrapping around", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 20, max: 26 }),
        fc.bigInt(0n, 10n ** 18n),
        (host, prefix, now) => {
          const grid = { cidr: parseCidr(`10.64.0.0/${prefix}`).cidr, blockSize: 28 };
          const seen = [...hostOrder(grid, host, now)].map(formatCidr);
          expect(new Set(seen).size).toBe(Number(blocksInPool(grid)));
          expect(seen).toHaveLength(Number(blocksInPool(grid)));
          expect(seen[0]).toBe(formatCidr(blockAt(grid, startIndex(host, blocksInPool(grid)))));
        },
      ),
    );
  });

  test("a pool of single addresses starts anywhere and still visits each once", () => {
    const grid = { cidr: parseCidr("10.64.0.0/28").cidr, blockSize: 32 };
    const starts = new Set(
      [1n, 2n, 3n, 4n, 5n, 6n].map((now) => formatCidr([...hostOrder(grid, "a", now)][0] ?? grid.cidr)),
    );
    expect(starts.size).toBeGreaterThan(1);
    expect(new Set([...hostOrder(grid, "a", 7n)].map(formatCidr)).size).toBe(16);
  });

  test("worker-49 in an IPv6 /64", () => {
    const grid = { cidr: parseCidr("fd00:10:64::/64").cidr, blockSize: 122 };
    const first = hostOrder(grid, "worker-49", 0n).next();
    expect(first.done ? "" : formatCidr(first.value)).toBe("fd00:10:64:0:1116:7b46:a053:8a40/122");
  });

  test("a block and its index belong together", () => {
    const grid = { cidr: parseCidr("10.64.0.0/20").cidr, blockSize: 26 };
    const address = parseAddress("10.64.1.70");
    expect(blockIndex(grid, address)).toBe(5n);
    expect(formatCidr(blockAt(grid, 5n))).toBe("10.64.1.64/26");
    expect(formatCidr(blockAround(grid, address))).toBe("10.64.1.64/26");
    expect(blocksInPool({ cidr: grid.cidr, blockSize: 19 })).toBe(0n);
  });
});
