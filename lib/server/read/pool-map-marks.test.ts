import { expect, test } from "vitest";
import { decodePoolMap, type MapColumn, poolMapFlags } from "../../contract/pool-map.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import {
  affinityObject,
  blockObject,
  event,
  forbid,
  handClock,
  inventoryOf,
  nodeObject,
  podObject,
  poolObject,
  type RawCluster,
} from "../../inventory/testing.ts";
import { readPoolMap, readPoolMapJson } from "./pool-map.ts";

/** A pool of four blocks; each test puts into them what it is about. */
function clusterWith(blocks: readonly unknown[], rest: RawCluster = {}): RawCluster {
  return {
    pools: [poolObject("p", "10.0.0.0/24")],
    nodes: [nodeObject("n1"), nodeObject("n2")],
    affinities: ["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26"].map((cidr) => affinityObject("n1", cidr)),
    blocks,
    ...rest,
  };
}

function decoded(inventory: Inventory, ...columns: readonly MapColumn[]) {
  return decodePoolMap(readPoolMap(inventory, "p", columns).body.buffer);
}

const hasFlag = (inventory: Inventory, flag: keyof typeof poolMapFlags) =>
  [...decoded(inventory).flags].map((flags) => (flags & poolMapFlags[flag]) !== 0);

const pods = (...names: readonly string[]) => names.map((pod) => ({ pod, node: "n1" }));

test("a block is of the namespace whose pods have the most of its addresses, or of several", () => {
  const map = decoded(
    inventoryOf(
      clusterWith([
        blockObject("10.0.0.0/26", {
          node: "n1",
          holders: [...pods("shop/a", "shop/b", "dev/a"), { node: "n1", type: "vxlanTunnelAddress" }],
        }),
        blockObject("10.0.0.64/26", { node: "n1", holders: pods("shop/c", "dev/b") }),
        blockObject("10.0.0.128/26", {
          node: "n1",
          holders: [{ node: "n1", type: "vxlanTunnelAddress" }],
        }),
      ]),
    ),
    "namespace",
  );
  expect(map.header.namespaces).toEqual(["shop", null]);
  expect([...(map.namespace ?? [])]).toEqual([1, 2, 0, 0]);
});

test("small blocks in one slot are judged together, a large one slot by slot", () => {
  const inventory = inventoryOf({
    pools: [poolObject("p", "10.0.0.0/24")],
    blocks: [
      blockObject("10.0.0.0/28", { node: "n1", holders: pods("a/1", "a/2") }),
      blockObject("10.0.0.16/28", { node: "n1", holders: pods("b/1", "b/2", "b/3") }),
      blockObject("10.0.0.128/25", {
        node: "n1",
        holders: Array.from({ length: 66 }, (_, at) => ({
          pod: at < 64 ? `a/p${at}` : `c/p${at}`,
          node: at < 64 ? "n1" : "n2",
        })),
      }),
    ],
  });
  const map = decoded(inventory, "namespace", "lent");
  expect([...(map.namespace ?? [])].map((id) => map.header.namespaces?.[id - 1])).toEqual([
    "b",
    undefined,
    "a",
    "c",
  ]);
  expect([...(map.lent ?? [])]).toEqual([0, 0, 0, 2]);
});

test("claims are told in seconds; what nobody can read is 0, of several blocks the first counts", () => {
  const claimedAt = (cidr: string, affinityClaimTime: string) => {
    const block = blockObject(cidr, { node: "n1" });
    return { ...block, spec: { ...(block.spec as object), affinityClaimTime } };
  };
  const inventory = inventoryOf(
    clusterWith([
      claimedAt("10.0.0.0/26", "2026-08-22T12:00:00Z"),
      claimedAt("10.0.0.64/26", "yesterday"),
      claimedAt("10.0.0.128/27", "2026-08-22T12:00:09Z"),
      claimedAt("10.0.0.160/27", "2026-08-22T12:00:05Z"),
    ]),
  );
  const noon = Date.parse("2026-08-22T12:00:00Z") / 1000;
  expect([...(decoded(inventory, "claimed").claimed ?? [])]).toEqual([noon, 0, noon + 5, 0]);
});

test("who lends and who borrows: a node's own blocks say that it uses those of others", () => {
  const inventory = inventoryOf(
    clusterWith(
      [
        blockObject("10.0.0.0/26", {
          node: "n1",
          holders: [...pods("shop/a"), { pod: "shop/b", node: "n2" }],
        }),
        blockObject("10.0.0.64/26", { node: "n2" }),
        blockObject("10.0.0.128/26", { holders: pods("shop/c") }),
      ],
      {
        pods: [
          podObject("shop/a", { ips: ["10.0.0.0"] }),
          podObject("shop/b", { ips: ["10.0.0.1"], node: "n2" }),
          podObject("shop/c", { ips: ["10.0.0.128"] }),
        ],
      },
    ),
  );
  expect(hasFlag(inventory, "lends")).toEqual([true, false, true, false]);
  // n1 uses an address of the block that nobody owns.
  expect(hasFlag(inventory, "borrows")).toEqual([true, true, false, false]);
  expect([...(decoded(inventory, "lent").lent ?? [])]).toEqual([1, 0, 1, 0]);
});

test("flags take a second byte only for a leak candidate; it comes and goes with the pods and nodes", () => {
  const clock = handClock();
  const web = podObject("shop/web", { ips: ["10.0.0.0"] });
  const blocks = [
    blockObject("10.0.0.0/26", { node: "n1", holders: pods("shop/web") }),
    blockObject("10.0.0.64/26", { node: "n1", holders: [{ node: "n2", type: "vxlanTunnelAddress" }] }),
  ];
  const inventory = inventoryOf(clusterWith(blocks, { pods: [web] }), { clock });
  expect(decoded(inventory).flags).toBeInstanceOf(Uint8Array);
  expect(hasFlag(inventory, "leak")).toEqual([false, false, false, false]);

  event(inventory, "pods", "DELETED", web);
  expect(hasFlag(inventory, "leak")).toEqual([false, false, false, false]);
  clock.pass(1_000);
  const told: string[][] = [];
  inventory.changes.subscribe(({ touched }) => told.push([...touched]));
  clock.pass(30_000);
  clock.pass(0);
  expect(told).toEqual([["addresses"]]);
  expect(hasFlag(inventory, "leak")).toEqual([true, false, false, false]);
  expect(decoded(inventory).flags).toBeInstanceOf(Uint16Array);

  event(inventory, "pods", "ADDED", podObject("shop/web", { ips: ["10.0.0.0"] }));
  event(inventory, "nodes", "DELETED", nodeObject("n2"));
  expect(hasFlag(inventory, "leak")).toEqual([false, true, false, false]);

  event(inventory, "pods", "MODIFIED", podObject("shop/web", { ips: ["10.0.0.9"] }));
  expect(hasFlag(inventory, "leak")).toEqual([true, true, false, false]);
});

test.each(["pods", "nodes"] as const)("without %s no leak is told, and why", (kind) => {
  const inventory = inventoryOf(
    clusterWith([
      blockObject("10.0.0.0/26", {
        node: "n1",
        holders: [
          kind === "pods" ? { pod: "shop/gone", node: "n1" } : { node: "gone", type: "ipipTunnelAddress" },
        ],
      }),
    ]),
  );
  expect(hasFlag(inventory, "leak")).toEqual([true, false, false, false]);
  forbid(inventory, kind, { group: "", plural: kind });
  inventory.changes.resetAll({ newEpoch: false });
  expect(hasFlag(inventory, "leak")).toEqual([false, false, false, false]);
  expect(decoded(inventory).header.unknown).toEqual([
    expect.objectContaining({ field: "slots", permission: expect.objectContaining({ resource: kind }) }),
  ]);
});

test("what could not be judged is judged once it can", () => {
  const clock = handClock();
  const inventory = inventoryOf(
    clusterWith([blockObject("10.0.0.0/26", { node: "n1", holders: pods("shop/web") })], {
      pods: [podObject("shop/web", { ips: ["10.0.0.9"] })],
    }),
    { clock },
  );
  forbid(inventory, "pods", { group: "", plural: "pods" });
  expect(hasFlag(inventory, "leak")).toEqual([false, false, false, false]);
  const live = { status: "live" } as const;
  const resource = { group: "", version: "v1", plural: "pods", namespaced: true };
  inventory.states.set("pods", { resource, state: live, synced: true, confirmedAt: clock.now() });
  inventory.changes.resetAll({ newEpoch: false });
  expect(hasFlag(inventory, "leak")).toEqual([true, false, false, false]);
});

test("in words the map has all of it", () => {
  const block = blockObject("10.0.0.0/26", {
    node: "n1",
    holders: [...pods("shop/a"), { pod: "dev/b", node: "n2" }],
  });
  const spec = { ...(block.spec as object), affinityClaimTime: "2026-08-22T12:00:00Z" };
  const inventory = inventoryOf(clusterWith([{ ...block, spec }]));
  expect(readPoolMapJson(inventory, "p").slots).toEqual([
    {
      slot: "0",
      used: 2,
      flags: ["lends", "leak"],
      node: "n1",
      namespace: null,
      severalNamespaces: true,
      claimed: "2026-08-22T12:00:00.000Z",
      lent: 1,
    },
  ]);
});
