import * as fc from "fast-check";
import { expect, test } from "vitest";
import { poolMapFlags } from "../../contract/pool-map.ts";
import {
  affinityObject,
  blockObject,
  calicoObject,
  event,
  handClock,
  inventoryOf,
  nodeObject,
  podObject,
  poolObject,
} from "../../inventory/testing.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { preparePoolMap, readPoolMapJson } from "./pool-map.ts";
import { PoolShares, sharesOf } from "./pool-map-shares.ts";

const nodes = fc.constantFrom("n1", "n2");
const cidrs = ["10.0.0.0/28", "10.0.0.16/28", "10.0.0.32/27", "10.0.0.64/29"];
const times = fc.constantFrom("2026-08-22 12:59:50 +0000 UTC", "2026-08-22 12:00:00 +0000 UTC");
/** Of the blocks the first addresses are held, each by a pod that is named after it, by a tunnel, or by nobody any more. */
const holder = fc.oneof(
  { weight: 3, arbitrary: fc.record({ is: fc.constant("pod" as const), node: nodes, since: times }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant("tunnel" as const), node: nodes, since: times }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("cooling" as const), node: nodes, since: times }) },
);

/** Something of the cluster as it is from then on. */
const change: fc.Arbitrary<{ kind: Kind; raw: Record<string, unknown> }> = fc.oneof(
  fc
    .record({
      cidr: fc.constantFrom(...cidrs.slice(0, 2), ...cidrs),
      owner: fc.option(nodes, { nil: undefined }),
      held: fc.array(holder, { maxLength: 2 }),
    })
    .map(({ cidr, owner, held }) => {
      const first = Number(/\d+(?=\/)/.exec(cidr)?.[0]);
      const holders = held.map(({ is, node, since }, ordinal) =>
        is === "pod"
          ? { pod: `a/p${first + ordinal}`, node, since }
          : is === "tunnel"
            ? { node, type: "vxlanTunnelAddress" }
            : { releasedAt: "2026-08-22T12:59:30Z" },
      );
      const raw = blockObject(cidr, owner === undefined ? { holders } : { node: owner, holders });
      return { kind: "blocks" as const, raw };
    }),
  ...["usual", "usual", "odd"].map((ips) =>
    fc
      .record({
        first: fc.constantFrom(0, 0, 16, 32),
        ordinal: fc.nat(1),
        node: nodes,
        uid: fc.constantFrom("u1", "u2"),
      })
      .map(({ first, ordinal, node, uid }) => {
        const odd = ordinal === 0 ? [] : ["10.0.0.99"];
        const raw = podObject(`a/p${first + ordinal}`, {
          ips: ips === "odd" ? odd : [`10.0.0.${first + ordinal}`],
          node,
          phase: "Running",
          metadata: { uid },
        });
        return { kind: "pods" as const, raw };
      }),
  ),
  nodes.map((name) => ({ kind: "nodes" as const, raw: nodeObject(name) })),
  fc
    .record({ node: nodes, cidr: fc.constantFrom(...cidrs), state: fc.constantFrom("confirmed", "pending") })
    .map(({ node, cidr, state }) => ({
      kind: "affinities" as const,
      raw: affinityObject(node, cidr, state),
    })),
  fc.subarray(["10.0.0.0/28", "10.0.0.20/30", "10.0.0.112/28"]).map((reservedCIDRs) => ({
    kind: "reservations" as const,
    raw: calicoObject("IPReservation", "r", { reservedCIDRs }),
  })),
  fc
    .constantFrom(["10.0.0.0/25", 28] as const, ["10.0.0.0/26", 29] as const)
    .map(([cidr, blockSize]) => ({ kind: "pools" as const, raw: poolObject("p", cidr, { blockSize }) })),
);

test("whatever happens, a block's share is what reckoning it anew says", () => {
  const step = fc.record({
    change,
    isGone: fc.integer({ min: 0, max: 2 }).map((roll) => roll === 0),
    seconds: fc.constantFrom(0, 0, 20, 40),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const clock = handClock();
      const inventory = inventoryOf(
        { pools: [poolObject("p", "10.0.0.0/25", { blockSize: 28 })] },
        { clock },
      );
      for (const { change: made, isGone, seconds } of steps) {
        event(inventory, made.kind, isGone && made.kind !== "pools" ? "DELETED" : "MODIFIED", made.raw);
        clock.pass(seconds * 1000);
        const row = inventory.space.pools.get("", "p");
        if (!row) throw new Error("the pool is gone");
        const anew = new PoolShares(inventory, row.pool);
        for (const block of inventory.space.tallies.pool("p").blocks)
          expect(sharesOf(inventory, row).of(block)).toEqual(anew.of(block));
      }
    }),
    { numRuns: 400 },
  );
});

test("a map that is made ready in steps is the same, and so is one whose cluster changes meanwhile", async () => {
  const holders = [{ pod: "a/1", node: "n1" }];
  const inventory = inventoryOf({
    pools: [poolObject("p", "10.0.0.0/25", { blockSize: 28 })],
    blocks: cidrs.map((cidr) => blockObject(cidr, { node: "n1", holders })),
    pods: [podObject("a/1", { ips: ["10.0.0.0"] })],
  });
  const ready = preparePoolMap(inventory, "p");
  event(inventory, "pods", "DELETED", podObject("a/1"));
  event(inventory, "blocks", "MODIFIED", blockObject("10.0.0.16/28", { node: "n2" }));
  await ready;
  expect(readPoolMapJson(inventory, "p").slots.map((slot) => [slot.used, slot.node])).toEqual([
    [1, "n1"],
    [0, "n2"],
    [1, "n1"],
    [0, "n1"],
    [1, "n1"],
  ]);
});

test("a pod that names no address yet is asked for again, and one that names it is not", () => {
  const clock = handClock();
  const holders = (name: string) => [{ pod: name, node: "n1" }];
  const [silent, named] = [podObject("a/silent"), podObject("a/named", { ips: ["10.0.0.16"] })];
  const inventory = inventoryOf(
    {
      pools: [poolObject("p", "10.0.0.0/25", { blockSize: 28 })],
      blocks: [
        blockObject("10.0.0.0/28", { node: "n1", holders: holders("a/silent") }),
        blockObject("10.0.0.16/28", { node: "n1", holders: holders("a/named") }),
      ],
      pods: [silent, named],
    },
    { clock },
  );
  const shares = () => {
    const row = inventory.space.pools.get("", "p");
    const of = (cidr: string) => {
      const block = inventory.space.blocks.get("", cidr);
      return row && block && sharesOf(inventory, row).of(block);
    };
    return { silent: of("10-0-0-0-28"), named: of("10-0-0-16-28") };
  };
  const before = shares();
  event(inventory, "pods", "DELETED", silent);
  clock.pass(31_000);
  const after = shares();
  expect(before.silent?.parts[0]?.leak).toBe(0);
  expect(after.silent?.parts[0]?.leak).toBe(poolMapFlags.leak);
  expect(after.named).toBe(before.named);
  event(inventory, "pods", "DELETED", named);
  expect(shares().named).not.toBe(before.named);
});
