import { expect, test } from "vitest";
import type { Pool } from "@/lib/contract/pools.ts";
import { isFullByBlocks, roomWords } from "./fragmentation-words.ts";

interface Parts {
  inUse?: string;
  free?: string;
  claimed?: string;
  left?: string;
  gives?: boolean;
  room?: Partial<Pool["fragmentation"]>;
  nodes?: Partial<Pool["nodes"]>;
}

// Only what the words are made of.
function pool({
  inUse = "100",
  free = "156",
  claimed = "4",
  left = "0",
  gives = true,
  room,
  nodes,
}: Parts): Pool {
  return {
    name: "p",
    state: { allocatable: gives },
    usage: { inUse, capacity: "1024", freeInBlocks: free },
    blocks: { claimed, left },
    fragmentation: {
      stranded: "0",
      blocksWithFree: "4",
      takeable: "0",
      strictAffinity: false,
      newNode: "claims",
      ...room,
    },
    nodes: { serves: true, fit: left, eligible: 8, withoutBlock: 0, atLimit: 0, ...nodes },
  } as Pool;
}

test.each([
  [
    "full by blocks",
    {
      inUse: "78",
      free: "946",
      claimed: "16",
      room: { newNode: "refused", stranded: "946", blocksWithFree: "16", strictAffinity: true },
      nodes: { eligible: 18, withoutBlock: 2 },
    },
    "8 % used, yet full by blocks: 946 free addresses lie in 16 claimed blocks, and strict affinity keeps every other node from them. 2 of 18 nodes have no block here and get no address.",
  ],
  [
    "borrowed",
    { inUse: "460", room: { newNode: "borrows", stranded: "156" }, nodes: { withoutBlock: 1 } },
    "45 % used, yet full by blocks: 156 free addresses lie in 4 claimed blocks. A node without room in its own can only borrow. 1 of 8 nodes has no block here.",
  ],
  [
    "nearly full",
    { inUse: "1018", free: "1", room: { newNode: "borrows", stranded: "1", blocksWithFree: "1" } },
    "99 % used, and full by blocks: 1 free address lies in 1 claimed block. A node without room in its own can only borrow.",
  ],
  [
    "an empty block",
    { room: { newNode: "takesOver", takeable: "1" } },
    "10 % used, and no block is left to claim: a node that holds none here takes over the 1 empty block of another node.",
  ],
  [
    "full",
    { inUse: "1024", free: "0", room: { newNode: "full", blocksWithFree: "0" } },
    "No address is free, in claimed blocks or outside.",
  ],
  [
    "roomy",
    { left: "12" },
    "156 free addresses lie in 4 claimed blocks and go to their nodes first. A node that holds no block here claims one of 12 left.",
  ],
  [
    "roomy, with blocks that nobody owns",
    { left: "12", room: { stranded: "60", strictAffinity: true } },
    "156 free addresses lie in 4 claimed blocks and go to their nodes first. 60 of them lie in blocks without an owner, where strict affinity lets no node in. A node that holds no block here claims one of 12 left.",
  ],
  [
    "untouched",
    { inUse: "0", free: "0", claimed: "0", left: "16" },
    "No block is claimed yet, and 16 blocks are left: a node claims one with its first address.",
  ],
  [
    "untouched, of one block",
    { inUse: "0", free: "0", claimed: "0", left: "1" },
    "No block is claimed yet, and 1 block is left: a node claims one with its first address.",
  ],
  [
    "nodes at their limit",
    { left: "12", free: "0", nodes: { atLimit: 2 } },
    "4 blocks are claimed, and no address in them is free. A node that holds no block here claims one of 12 left. 2 nodes hold as many blocks as a node may: once their blocks are full, pods there get no address.",
  ],
  [
    "nodes claim none",
    { left: "12", room: { newNode: "refused" } },
    "Nodes claim no blocks, as autoAllocateBlocks is false: 12 blocks stay unclaimed, and a node that holds none here gets no address.",
  ],
  [
    "disabled",
    { gives: false, room: { newNode: null }, nodes: { serves: false } },
    "It gives no new addresses. 156 free addresses lie in 4 claimed blocks.",
  ],
  [
    "not for pods",
    { claimed: "0", room: { newNode: null }, nodes: { serves: false } },
    "It gives pods no addresses, and no block is claimed.",
  ],
] satisfies readonly (readonly [string, Parts, string])[])("%s", (_story, parts, words) => {
  expect(roomWords(pool(parts))).toBe(words);
});

test("nothing is said where it cannot be known", () => {
  expect(roomWords(pool({ nodes: { serves: null } }))).toBeNull();
  expect(roomWords(pool({ room: { blocksWithFree: null } }))).toBeNull();
});

test("a pool that is nearly full is not full by blocks alone", () => {
  const room = { newNode: "borrows", stranded: "6" } as const;
  expect(isFullByBlocks(pool({ inUse: "100", room }))).toBe(true);
  expect(isFullByBlocks(pool({ inUse: "1018", room }))).toBe(false);
});
