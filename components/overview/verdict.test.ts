import { expect, test } from "vitest";
import type { Pool } from "@/lib/contract/pools.ts";
import { compareUrgency, verdictOn } from "./verdict.ts";

interface Parts {
  name: string;
  inUse?: string | null;
  capacity?: string;
  left?: string | null;
  borrowed?: string;
  family?: 4 | 6;
  gives?: boolean;
  newNode?: Pool["fragmentation"]["newNode"];
  free?: string;
  strict?: boolean;
}

// Only what a verdict is made of.
function pool({
  name,
  inUse = "0",
  capacity = "1024",
  left = "8",
  borrowed = "0",
  family = 4,
  gives = true,
  newNode = left === "0" ? "borrows" : "claims",
  free = "73",
  strict = false,
}: Parts): Pool {
  return {
    name,
    family,
    state: { allocatable: gives, reason: gives ? "OK" : "PoolDisabled", message: "" },
    usage: { inUse, capacity, borrowed, freeInBlocks: free },
    blocks: { left },
    fragmentation: {
      newNode,
      stranded: newNode === "claims" ? "0" : free,
      blocksWithFree: "16",
      takeable: "1",
      strictAffinity: strict,
    },
  } as Pool;
}

const roomy = pool({ name: "default", capacity: "65536", left: "430" });
const full = pool({ name: "batch-pool", inUse: "951", left: "0", borrowed: "37" });
const stranded = pool({
  name: "rack-pool",
  inUse: "78",
  left: "0",
  free: "946",
  newNode: "refused",
  strict: true,
});
const off = pool({ name: "legacy", gives: false });

test.each([
  [
    [roomy, full, stranded],
    4,
    "crit",
    "rack-pool is 8 % used, yet full by blocks",
    "8 % of its addresses are in use. 946 free addresses lie in 16 claimed blocks, and strict affinity keeps every other node from them. The other IPv4 pools have 430 blocks left to claim.",
  ],
  [
    [roomy, pool({ name: "empties", inUse: "600", left: "0", newNode: "takesOver" })],
    0,
    "crit",
    "empties has no block left to claim",
    "59 % of its addresses are in use. 1 empty block can be taken over. The other IPv4 pool has 430 blocks left to claim.",
  ],
  [
    [pool({ name: "held", newNode: "refused" })],
    0,
    "crit",
    "Nodes may claim no block of held",
    "0 % of its addresses are in use. 73 free addresses lie in 16 claimed blocks, and autoAllocateBlocks false keeps nodes from claiming others. No other IPv4 pool gives addresses.",
  ],
  [
    [roomy, full, off],
    0,
    "crit",
    "batch-pool has no block left to claim",
    "93 % of its addresses are in use, 37 of them borrowed from blocks of other nodes. 73 free addresses lie in 16 claimed blocks: a node without room in its own can only borrow. The other IPv4 pool has 430 blocks left to claim. One pool gives no addresses.",
  ],
  [
    [pool({ name: "a", inUse: "800" })],
    0,
    "warn",
    "a is 78 % full",
    "78 % of its addresses are in use. No other IPv4 pool gives addresses.",
  ],
  [
    [roomy, pool({ name: "six", family: 6, left: String(2n ** 58n), capacity: String(2n ** 64n) })],
    0,
    "ok",
    "Every pool has room",
    "430 IPv4 blocks and 2^58 IPv6 blocks are left to claim.",
  ],
  [
    [roomy],
    2,
    "crit",
    "Every pool has room, but 2 pods cannot get an address",
    "430 IPv4 blocks are left to claim.",
  ],
  [
    [off, { ...off, name: "b" }],
    null,
    "crit",
    "No pool gives addresses",
    "Two pools give no addresses. New pods wait.",
  ],
  [
    [roomy, pool({ name: "blind", left: null })],
    0,
    "warn",
    "How many blocks are left in blind is unknown",
    "",
  ],
  [[roomy, pool({ name: "blind", inUse: null, left: null })], 0, "warn", "The use of blind is unknown", ""],
  [
    [roomy, off],
    0,
    "ok",
    "Every pool that gives addresses has room",
    "430 IPv4 blocks are left to claim. One pool gives no addresses.",
  ],
] as const)("verdict %#", (pools, waiting, tone, title, lead) => {
  expect(verdictOn(pools, waiting)).toMatchObject({ tone, title, lead });
});

test("worst first, then the largest, then by name", () => {
  const pools = [roomy, pool({ name: "b" }), pool({ name: "warm", inUse: "800" }), pool({ name: "a" }), full];
  expect(pools.sort(compareUrgency).map(({ name }) => name)).toEqual([
    "batch-pool",
    "warm",
    "default",
    "a",
    "b",
  ]);
});
