import fc from "fast-check";
import { expect, test } from "vitest";
import { blockAdvice, type BlockQuestion } from "./block-advice.ts";

const ask = (question: Partial<BlockQuestion>) =>
  blockAdvice({ family: 4, prefix: 20, blockSize: 26, nodes: 4, perNode: 9, blockLimit: 20, ...question });

test.each<[string, Partial<BlockQuestion>, object | null]>([
  [
    "the usual",
    {},
    { perBlock: 64n, blocks: 64n, without: 0n, busiest: 1n, mostPerNode: 1280n, better: null },
  ],
  ["a busy node takes two", { perNode: 65 }, { busiest: 2n, better: null }],
  ["one block is the whole pool", { prefix: 26 }, { blocks: 1n, without: 3n, better: 28 }],
  ["many nodes in a small pool", { prefix: 24, nodes: 10 }, { blocks: 4n, without: 6n, better: 28 }],
  [
    "smaller blocks than a node may hold enough of",
    { blockSize: 32, perNode: 40 },
    { mostPerNode: 20n, better: 26 },
  ],
  ["nothing serves", { prefix: 30, nodes: 10 }, { blocks: 0n, better: null }],
  ["a pool smaller than a block", { prefix: 27 }, null],
  ["nodes cannot be read", { nodes: null, perNode: null }, { without: null, busiest: null, better: null }],
  ["no node matches", { nodes: 0 }, { without: 0n, better: null }],
  ["IPv6", { family: 6, prefix: 64, blockSize: 122 }, { perBlock: 64n, blocks: 1n << 58n, without: 0n }],
])("%s", (name, question, expected) => {
  if (name === "nothing serves") return expect(ask({ ...question, blockSize: 30 })?.better).toBeNull();
  if (expected === null) return expect(ask(question)).toBeNull();
  expect(ask(question)).toMatchObject(expected);
});

test("a size that is recommended serves, and is within Calico's bounds", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: 30 }),
      fc.integer({ min: 20, max: 32 }),
      fc.nat(3000),
      fc.nat(500),
      (prefix, blockSize, nodes, perNode) => {
        const better = ask({ prefix, blockSize, nodes, perNode })?.better ?? null;
        if (better === null) return;
        expect(better).toBeGreaterThanOrEqual(Math.max(20, prefix));
        expect(better).toBeLessThanOrEqual(32);
        expect(ask({ prefix, blockSize: better, nodes, perNode })).toMatchObject({
          better: null,
          without: 0n,
        });
      },
    ),
  );
});
