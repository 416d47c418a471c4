import { expect, test } from "vitest";
import { blockAdvice, type BlockQuestion } from "@/lib/ipam/block-advice.ts";
import { adviceWords } from "./block-advice-words.ts";

const words = (question: Partial<BlockQuestion>) => {
  const whole = {
    family: 4,
    prefix: 20,
    blockSize: 26,
    nodes: 12,
    perNode: 40,
    blockLimit: 20,
    ...question,
  } as const;
  const advice = blockAdvice(whole);
  return advice && adviceWords(whole, advice);
};

test("the consequence of a block size, number by number", () => {
  expect(words({})).toEqual({
    facts: [
      "/26: 64 addresses a block, 64 blocks, so 64 nodes can hold one.",
      "A node with 1 pod holds 64.",
      "12 nodes match; the busiest uses 40 addresses now, which is 1 block.",
    ],
    warning: null,
  });
});

test.each<[Partial<BlockQuestion>, string | null]>([
  [
    { prefix: 24 },
    "8 nodes get no block of their own: their pods borrow, or fail where strict affinity is on.",
  ],
  [{ prefix: 24, perNode: 4 }, "Blocks of /28 would do."],
  [
    { prefix: 26, nodes: 2, perNode: 20 },
    "1 node gets no block of its own: its pods borrow, or fail where strict affinity is on. Blocks of /27 would do.",
  ],
  [{ blockSize: 32 }, "Not every node can be as busy as the busiest. Blocks of /26 would do."],
  [{ nodes: null, perNode: null }, null],
])("%j", (question, warning) => {
  const told = words(question)?.warning ?? null;
  if (warning === null) expect(told).toBeNull();
  else expect(told).toContain(warning);
});

test("IPv6 counts are powers, one is one", () => {
  expect(words({ family: 6, prefix: 64, blockSize: 122 })?.facts[0]).toContain("2^58 blocks");
  expect(words({ prefix: 32, blockSize: 32, nodes: 1, perNode: 1 })?.facts).toEqual([
    "/32: 1 address a block, 1 block, so 1 node can hold one.",
    "A node with 1 pod holds 1.",
    "1 node matches; the busiest uses 1 address now, which is 1 block.",
  ]);
});
