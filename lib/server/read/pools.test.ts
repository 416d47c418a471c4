import { expect, test } from "vitest";
import { PoolList } from "../../contract/pools.ts";
import {
  affinityObject,
  blockObject,
  calicoObject,
  event,
  inventoryOf,
  nodeObject,
  poolObject,
} from "../../inventory/testing.ts";
import { listBlocks, readBlock } from "./blocks.ts";
import { listNodes } from "./nodes.ts";
import { listPools, readPool } from "./pools.ts";

function cluster() {
  return inventoryOf({
    pools: [
      poolObject("a", "10.0.0.0/24"),
      poolObject("b", "10.1.0.0/20", { disabled: true }),
      poolObject("drains", "10.2.0.0/20", { disabled: true }),
      poolObject("picky", "10.3.0.0/20", { nodeSelector: "has(gpu)" }),
      calicoObject(
        "IPPool",
        "owned",
        { cidr: "10.4.0.0/20" },
        { labels: { "app.kubernetes.io/managed-by": "tigera-operator" } },
      ),
      poolObject("six", "fd00::/64", { blockSize: 122 }),
      poolObject("z-overlaps", "10.0.0.0/25"),
      poolObject("unreadable", "10.300.0.0/24"),
    ],
    nodes: [nodeObject("n1"), nodeObject("n2")],
    affinities: [affinityObject("n1", "10.0.0.0/26"), affinityObject("n1", "10.2.0.0/26", "pendingDeletion")],
    blocks: [
      blockObject("10.0.0.0/26", {
        node: "n1",
        holders: [
          { node: "n1", type: "vxlanTunnelAddress" },
          { pod: "x/a", node: "n1" },
          { pod: "x/b", node: "n2" },
          { releasedAt: "2026-08-22T12:59:00Z" },
        ],
      }),
      blockObject("10.0.0.64/26", { node: "gone-node", holders: [] }),
      blockObject("10.2.0.0/26", { node: "n1", holders: [{ pod: "x/c", node: "n1" }] }),
      blockObject("10.1.0.16/28", { holders: [] }),
    ],
  });
}

test("states and owners", () => {
  const pools = PoolList.parse(listPools(cluster(), {})).items ?? [];
  expect(pools.map((pool) => [pool.name, pool.state.reason, pool.managedBy.kind])).toEqual([
    ["a", "OK", "none"],
    ["b", "PoolDisabled", "none"],
    ["drains", "Draining", "none"],
    ["owned", "OK", "operator"],
    ["picky", "NoEligibleNode", "none"],
    ["six", "OK", "none"],
    ["z-overlaps", "CIDROverlap", "none"],
  ]);
});

test("what cannot be read is named, not hidden", () => {
  expect(listPools(cluster(), {}).unknown).toEqual([
    { field: "items", reason: expect.stringMatching(/unreadable \(cidr/) },
  ]);
  const inventory = cluster();
  event(inventory, "pools", "MODIFIED", poolObject("unreadable", "10.30.0.0/24"));
  expect(listPools(inventory, {})).toMatchObject({ total: 8 });
  expect(listPools(inventory, {}).unknown).toBeUndefined();
  event(inventory, "pools", "MODIFIED", poolObject("unreadable", "nonsense"));
  expect(listPools(inventory, {})).toMatchObject({ total: 7, unknown: [{ field: "items" }] });
});

test("a pool's figures", () => {
  expect(readPool(cluster(), "a")).toMatchObject({
    usage: {
      capacity: "256",
      inUse: "4",
      cooling: "1",
      borrowed: "1",
      free: "252",
      freeInBlocks: "124",
      byKind: { pod: "2", tunnel: "1" },
    },
    blocks: { claimed: "2", possible: "4", left: "2" },
    tunnelNodes: 1,
  });
  expect(readPool(cluster(), "six")).toMatchObject({
    family: 6,
    usage: { capacity: String(2n ** 64n) },
    blocks: { possible: String(2n ** 58n) },
  });
});

test.each([
  [{ family: 6 as const }, ["six"]],
  [{ state: "Draining" as const }, ["drains"]],
  [{ managedBy: "operator" as const }, ["owned"]],
  [{ q: "10.3.0" }, ["picky"]],
  [{ q: "gpu" }, ["picky"]],
  [{ sort: "-usage.capacity", limit: 1 }, ["six"]],
  [{ sort: "-usage", limit: 1 }, ["a"]],
  [{ sort: "cidr", limit: 2 }, ["a", "z-overlaps"]],
  [{ sort: "-blocks.claimed", limit: 3 }, ["a", "b", "drains"]],
])("pools asked for %o", (query, expected) => {
  expect(listPools(cluster(), query).items?.map((pool) => pool.name)).toEqual(expected);
});

test("blocks say what is odd about them", () => {
  const blocks = listBlocks(cluster(), {}).items ?? [];
  expect(blocks.map((block) => [block.cidr, block.pool, block.affinity, block.oddities])).toEqual([
    ["10.0.0.0/26", "a", "confirmed", []],
    [
      "10.0.0.64/26",
      "a",
      "none",
      [
        "gone-node owns the block, but has no BlockAffinity for it",
        "the owner gone-node is not a node of this cluster",
      ],
    ],
    ["10.1.0.16/28", "b", "none", ["the block is a /28, the pool's blocks are /26"]],
    ["10.2.0.0/26", "drains", "pendingDeletion", []],
  ]);
  expect(() => readBlock(cluster(), "nope")).toThrow(expect.objectContaining({ status: 404 }));
});

test.each([
  [{ pool: "a" }, ["10.0.0.0/26", "10.0.0.64/26"]],
  [{ node: "n1" }, ["10.0.0.0/26", "10.2.0.0/26"]],
  [{ affinity: "pendingDeletion" as const }, ["10.2.0.0/26"]],
  [{ sort: "-used", limit: 2 }, ["10.0.0.0/26", "10.2.0.0/26"]],
  [{ q: "gone" }, ["10.0.0.64/26"]],
])("blocks asked for %o", (query, expected) => {
  expect(listBlocks(cluster(), query).items?.map((block) => block.cidr)).toEqual(expected);
});

test("nodes count what they own, use and borrow", () => {
  const nodes = listNodes(cluster(), {}).items ?? [];
  expect(nodes.map((node) => [node.name, node.blocks, node.used, node.borrowed, node.blockLimit])).toEqual([
    ["n1", 2, 3, 0, 20],
    ["n2", 0, 1, 1, 20],
  ]);
  expect(listNodes(cluster(), { pool: "drains" }).items?.map((node) => node.name)).toEqual(["n1"]);
  expect(listNodes(cluster(), { sort: "-borrowed", limit: 1 }).items?.map((node) => node.name)).toEqual([
    "n2",
  ]);
});
