import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBlock } from "../calico/parse-block.ts";
import type { RawRecord } from "../calico/reading.ts";
import { cidrSet } from "../ipam/cidr-set.ts";
import { fragmentation, judgeFragments } from "../ipam/fragmentation.ts";
import { utilization } from "../ipam/utilization.ts";
import type { Inventory } from "./inventory.ts";
import { calicoObject, checkpointsOf, event, inventoryOf } from "./testing.ts";

/** Every sum the inventory keeps, in a form that compares. */
function sums({ space, interner }: Inventory) {
  const nodes = [...space.tallies.nodes].map(([id, tally]) => [interner.text(id), tally] as const);
  const namespaces = [...space.tallies.namespaces].map(
    ([id, pools]) => [interner.text(id), [...pools].sort()] as const,
  );
  const pools = [...space.pools].map((row) => {
    const { blocks, tunnelNodes, held, holdersRevision: _, ...tally } = space.tallies.pool(row.name);
    const holders = [...held].map(([id, count]) => [interner.text(id), count] as const);
    const tunnels = [...tunnelNodes].map(([id, count]) => [interner.text(id), count] as const);
    return [
      row.name,
      {
        ...tally,
        blocks: [...blocks].map((block) => block.name).sort(),
        tunnels: tunnels.sort(),
        holders: holders.sort(),
      },
      space.space(row),
    ];
  });
  const orphans = [...space.tallies.pool(null).blocks].map((block) => block.name).sort();
  return { nodes: nodes.sort(), namespaces: namespaces.sort(), pools: pools.sort(), orphans };
}

/** What `calicoctl ipam show` would count, from scratch. */
function counted({ space }: Inventory, blocks: Iterable<RawRecord>) {
  const pools = [...space.pools].map((row) => row.pool);
  const parsed = [...blocks].flatMap((raw) => parseBlock(raw).value ?? []);
  const reservations = cidrSet([...space.reservations].flatMap((row) => row.cidrs));
  return utilization(pools, parsed, reservations).flatMap(
    ({ pool, capacity, inUse, reserved, free, blocks: own }) =>
      pool ? [{ name: pool.name, capacity, inUse, reserved, free, claimed: own.length }] : [],
  );
}

function kept({ space }: Inventory) {
  return [...space.pools]
    .map((row) => {
      const tally = space.tallies.pool(row.name);
      const { capacity, reserved, freeOutsideBlocks } = space.space(row);
      const free = BigInt(tally.free) + freeOutsideBlocks;
      return {
        name: row.name,
        capacity,
        inUse: BigInt(tally.inUse),
        reserved,
        free,
        claimed: tally.blocks.size,
      };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** What is kept of how free addresses lie is what looking at every block of the pool gives. */
function expectFragments({ space, interner }: Inventory, pool: string) {
  const tally = space.tallies.pool(pool);
  for (const [strictAffinity, blocksLeft] of [
    [false, 0n],
    [true, 0n],
    [true, 1n],
  ] as const) {
    const rules = { strictAffinity, blocksLeft, autoAllocateBlocks: true, blockLimit: 2, takesOver: true };
    const blocks = Array.from(tally.blocks, ({ owner, counts }) => ({
      owner,
      free: counts.free,
      inUse: counts.inUse,
      windows: counts.byKind.windows,
    }));
    const { holders, ...expected } = fragmentation(blocks, rules);
    expect(judgeFragments(tally, rules)).toEqual(expected);
    expect(new Set([...tally.held.keys()].map((id) => interner.text(id)))).toEqual(holders);
  }
}

describe("figures of recorded clusters", () => {
  const recordings = [
    "borrowing",
    "churn-tight",
    "dual-stack",
    "exhausted",
    "limits",
    "orphans",
    "reserved",
    "tunnels",
    "tutorial",
  ];
  test.each(recordings)("%s", (recording) => {
    for (const { cluster } of checkpointsOf(recording)) {
      const inventory = inventoryOf(cluster);
      expect(kept(inventory)).toEqual(counted(inventory, cluster.blocks as readonly RawRecord[]));
    }
  });
});

const poolNames = ["p0", "p1", "p2"];
const cidrs = ["10.0.0.0/24", "10.0.0.0/23", "10.0.1.0/24", "10.0.0.128/25", "10.0.0.64/28"];
const nodes = ["n0", "n1"];

const pool = fc
  .record({ name: fc.constantFrom(...poolNames), cidr: fc.constantFrom(...cidrs), disabled: fc.boolean() })
  .map(({ name, ...spec }) => ({
    kind: "pools" as const,
    raw: calicoObject("IPPool", name, { ...spec, blockSize: 28 }),
  }));

const reservation = fc
  .record({
    name: fc.constantFrom("r0", "r1"),
    reservedCIDRs: fc.subarray(["10.0.0.0/28", "10.0.0.20/30", "10.0.1.7/32", "10.0.0.0/25"]),
  })
  .map(({ name, ...spec }) => ({
    kind: "reservations" as const,
    raw: calicoObject("IPReservation", name, spec),
  }));

/** A /28 block somewhere in 10.0.0.0/22: some slots taken, sometimes with nonsense in it. */
const block = fc
  .record({
    slot: fc.nat(31),
    owner: fc.constantFrom(undefined, ...nodes.map((node) => `host:${node}`), "virtual:load-balancer"),
    holders: fc.array(
      fc.option(fc.record({ at: fc.nat(7), node: fc.constantFrom(...nodes) }), { nil: null }),
      { maxLength: 16 },
    ),
    odd: fc.boolean(),
  })
  .map(({ slot, owner, holders, odd }) => {
    const base = `10.0.${Math.floor(slot / 16)}.${(slot % 16) * 16}`;
    const attributes = [
      {
        handle_id: "h0",
        secondary: { pod: "a", namespace: "x", node: "n0", timestamp: "2026-08-22 12:00:00 +0000 UTC" },
      },
      { handle_id: "h1", secondary: { pod: "b", namespace: "y", node: "n1" } },
      { handle_id: "t", secondary: { node: "n0", type: "vxlanTunnelAddress" } },
      { handle_id: "t1", secondary: { node: "n1", type: "ipipTunnelAddress" } },
      { releasedAt: "2026-08-22T12:00:00Z" },
      { handle_id: "windows-reserved-ipam-handle", secondary: { note: "windows host rsvd" } },
      { handle_id: "lb-x", secondary: { type: "LoadBalancer", service: "s", namespace: "x" } },
    ];
    const allocations = Array.from({ length: 16 }, (_, ordinal) => holders[ordinal]?.at ?? null);
    const unallocated = allocations.flatMap((holder, ordinal) =>
      holder === null || (odd && ordinal === 3) ? [ordinal] : [],
    );
    const spec = {
      cidr: `${base}/28`,
      affinity: owner,
      allocations,
      unallocated,
      attributes,
      deleted: false,
    };
    const name = `${base.replaceAll(".", "-")}-28`;
    return { kind: "blocks" as const, raw: calicoObject("IPAMBlock", name, { ...spec, sequenceNumber: 1 }) };
  });

test("after any events in any order the sums are those of the final objects", () => {
  const operation = fc.record({
    change: fc.oneof(pool, block, block, block, reservation),
    remove: fc.integer({ min: 0, max: 3 }),
    asks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const inventory = inventoryOf({});
      const objects = {
        pools: new Map<string, RawRecord>(),
        blocks: new Map<string, RawRecord>(),
        reservations: new Map<string, RawRecord>(),
      };
      for (const { change, remove, asks } of operations) {
        const name = (change.raw.metadata as { name: string }).name;
        event(inventory, change.kind, remove === 0 ? "DELETED" : "MODIFIED", change.raw);
        if (remove === 0) objects[change.kind].delete(name);
        else objects[change.kind].set(name, change.raw);
        // From then on what lies outside the blocks is kept, and not counted at the end.
        if (asks) for (const row of inventory.space.pools) inventory.space.space(row);
      }
      const fresh = inventoryOf({
        blocks: [...objects.blocks.values()],
        pools: [...objects.pools.values()],
        reservations: [...objects.reservations.values()],
      });
      expect(sums(inventory)).toEqual(sums(fresh));
      expect(kept(inventory)).toEqual(counted(inventory, objects.blocks.values()));
      for (const row of inventory.space.pools) expectFragments(inventory, row.name);
    }),
    { numRuns: 300 },
  );
});

test("a relist that brings nothing new is no change; one that does is the change only", () => {
  const [checkpoint] = checkpointsOf("tutorial");
  const cluster = checkpoint?.cluster ?? {};
  const inventory = inventoryOf(cluster);
  const before = inventory.version;
  const rows = (cluster.blocks ?? []).flatMap((raw) => inventory.project("blocks", raw) ?? []);
  inventory.replace("blocks", rows);
  expect(inventory.version).toBe(before);
  inventory.replace("blocks", rows.slice(1));
  expect(inventory.version).not.toBe(before);
  expect(inventory.space.blocks.size).toBe(rows.length - 1);
});
