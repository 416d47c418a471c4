import { expect, test } from "vitest";
import { blockObject, inventoryOf, poolObject } from "../../inventory/testing.ts";
import { roomOf, useOf } from "./pool-impact-use.ts";

/** `over` lies inside `overlay`, and a block of two pods and a tunnel in both. */
const inventory = inventoryOf({
  pools: [
    poolObject("overlay", "10.60.0.0/20", { blockSize: 26 }),
    poolObject("over", "10.60.8.0/22", { blockSize: 26 }),
    poolObject("apart", "10.61.0.0/24", { blockSize: 26 }),
  ],
  blocks: [
    blockObject("10.60.0.0/26", { node: "n1", holders: [{ pod: "a/one", node: "n1" }] }),
    blockObject("10.60.9.64/26", {
      node: "n1",
      holders: [
        { pod: "a/two", node: "n1" },
        { pod: "a/three", node: "n1" },
        { node: "n1", type: "vxlanTunnelAddress" },
      ],
    }),
    blockObject("10.61.0.0/26", { node: "n1", holders: [{ pod: "a/four", node: "n1" }] }),
  ],
});

const pool = (name: string) => {
  const row = inventory.space.pools.get("", name);
  if (row === null) throw new Error(`no pool ${name}`);
  return row;
};

test("free is what lies in the range, also in blocks that another pool is charged with", () => {
  const room = roomOf(inventory);
  expect(room.get("over")).toEqual({ free: 1021n, blocksLeft: 15n, pods: 2n });
  expect(room.get("overlay")).toEqual({ free: 4092n, blocksLeft: 62n, pods: 3n });
  expect(room.get("apart")).toEqual({ free: 255n, blocksLeft: 3n, pods: 1n });
});

test.each([
  ["over", false, { inUse: 3n, pods: 2n, tunnels: 1n, blocks: 1n }],
  ["overlay", false, { inUse: 4n, pods: 3n, tunnels: 1n, blocks: 2n }],
  // What another pool covers loses nothing.
  ["over", true, { inUse: 0n, pods: 0n, tunnels: 0n, blocks: 0n }],
  ["overlay", true, { inUse: 1n, pods: 1n, tunnels: 0n, blocks: 1n }],
] as const)("%s in use (of it alone: %s)", (name, isFreed, use) => {
  expect(useOf(inventory, pool(name), isFreed)).toEqual(use);
});
