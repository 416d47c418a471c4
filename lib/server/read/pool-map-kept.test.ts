import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { decodePoolMap, type MapColumn, mapColumns, type PoolMap } from "../../contract/pool-map.ts";
import { poolMapJson } from "../../contract/pool-map-json.ts";
import { decodePoolMapPatch, patchPoolMap } from "../../contract/pool-map-patch.ts";
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
import type { Inventory } from "../../inventory/inventory.ts";
import { jsonOf, preparePoolMap, readPoolMap, readPoolMapJson, readPoolMapPatch } from "./pool-map.ts";
import { MapColumns } from "./pool-map-columns.ts";
import { KeptMap } from "./pool-map-kept.ts";
import { isDoubtful, shareOf } from "./pool-map-shares.ts";

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
    .constantFrom(["10.0.0.0/23", 28] as const, ["10.0.0.0/26", 29] as const, ["8.0.0.0/5", 28] as const)
    .map(([cidr, blockSize]) => ({ kind: "pools" as const, raw: poolObject("p", cidr, { blockSize }) })),
);

const columnSets: readonly (readonly MapColumn[])[] = [[], ["node"], mapColumns];

/** Somebody who has the map, and asks for what has changed. */
function followed(inventory: Inventory, columns: readonly MapColumn[], before: PoolMap | null): PoolMap {
  const patch = before && readPoolMapPatch(inventory, "p", columns, before.header.state);
  return before && patch
    ? patchPoolMap(before, decodePoolMapPatch(patch.body.buffer))
    : decodePoolMap(readPoolMap(inventory, "p", columns).body.buffer);
}

test("whatever happens, the kept map is that made anew, and so is that of whoever follows it", () => {
  const step = fc.record({
    change,
    isGone: fc.integer({ min: 0, max: 2 }).map((roll) => roll === 0),
    seconds: fc.constantFrom(0, 0, 20, 40),
    looks: fc.subarray([0, 1, 2]),
  });
  let patches = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const clock = handClock();
      const inventory = inventoryOf(
        { pools: [poolObject("p", "10.0.0.0/23", { blockSize: 28 })] },
        { clock },
      );
      const followers: (PoolMap | null)[] = columnSets.map(() => null);
      for (const { change: made, isGone, seconds, looks } of steps) {
        event(inventory, made.kind, isGone && made.kind !== "pools" ? "DELETED" : "MODIFIED", made.raw);
        clock.pass(seconds * 1000);
        // What time alone changes is seen with the next news.
        inventory.changes.touch("nodes");
        const row = inventory.space.pools.get("", "p");
        if (!row) throw new Error("the pool is gone");
        const anew = new KeptMap(inventory, row);
        anew.step(Number.POSITIVE_INFINITY);
        const { version: _version, ...words } = readPoolMapJson(inventory, "p");
        expect(jsonOf(inventory, anew)).toMatchObject(words);
        for (const look of looks) {
          const columns = columnSets[look] ?? [];
          const before = followers[look] ?? null;
          if (before && readPoolMapPatch(inventory, "p", columns, before.header.state)) patches += 1;
          const map = (followers[look] = followed(inventory, columns, before));
          expect(map).toEqual({
            ...decodePoolMap(readPoolMap(inventory, "p", columns).body.buffer),
            header: { ...map.header, columns: expect.anything() },
          });
          if (columns === mapColumns) expect(poolMapJson(map).slots).toEqual(words.slots);
        }
      }
    }),
    { numRuns: 120 },
  );
  // Chance has its part: 94 to 193 in ten runs.
  expect(patches).toBeGreaterThan(20);
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
  const row = inventory.space.pools.get("", "p");
  if (!row) throw new Error("the pool is gone");
  const isDoubtfulAt = (name: string) => {
    const block = inventory.space.blocks.get("", name);
    if (!block) throw new Error("the block is gone");
    return isDoubtful(shareOf(inventory, row.pool, block));
  };
  expect([isDoubtfulAt("10-0-0-0-28"), isDoubtfulAt("10-0-0-16-28")]).toEqual([true, false]);
  const leaks = () => readPoolMapJson(inventory, "p").slots.map(({ flags }) => flags.includes("leak"));
  expect(leaks()).toEqual([false, false]);
  event(inventory, "pods", "DELETED", silent);
  clock.pass(31_000);
  expect(leaks()).toEqual([true, false]);
});

test("each doubtful block is looked at with each news, also after many others", () => {
  const clock = handClock();
  const leaky = ["10.0.0.0/28", "10.0.0.16/28", "10.0.0.32/28"];
  const inventory = inventoryOf(
    {
      pools: [poolObject("p", "10.0.0.0/26", { blockSize: 28 })],
      blocks: leaky.map((cidr, at) =>
        blockObject(cidr, { node: "n1", holders: [{ pod: `a/${at}`, node: "n1" }] }),
      ),
    },
    { clock },
  );
  const leaks = () => readPoolMapJson(inventory, "p").slots.map(({ flags }) => flags.includes("leak"));
  expect(leaks()).toEqual([true, true, true]);
  for (const at of [2, 1, 0]) {
    // It names no address yet, so that no block is told of it.
    event(inventory, "pods", "ADDED", podObject(`a/${at}`));
    expect(leaks()).toEqual([0, 1, 2].map((other) => other < at));
  }
});

test("news about the last of ten thousand doubtful blocks is seen at once, and looked for in steps", () => {
  const count = 10_000;
  const inventory = inventoryOf({
    pools: [poolObject("p", "10.0.0.0/14", { blockSize: 28 })],
    blocks: Array.from({ length: count }, (_, at) =>
      blockObject(`10.${at >> 12}.${(at >> 4) & 255}.${(at & 15) * 16}/28`, {
        node: "n1",
        holders: [{ pod: `a/${at}`, node: "n1" }],
      }),
    ),
  });
  const row = inventory.space.pools.get("", "p");
  if (!row) throw new Error("the pool is gone");
  const map = new KeptMap(inventory, row);
  const leaks = () => {
    const { flags } = jsonOf(inventory, map).slots[count - 1] ?? {};
    return flags?.includes("leak");
  };
  map.step(Number.POSITIVE_INFINITY);
  expect(leaks()).toBe(true);
  event(inventory, "pods", "ADDED", podObject(`a/${count - 1}`));
  let steps = 1;
  while (!map.step(0)) steps += 1;
  expect(leaks()).toBe(false);
  expect(steps).toBeGreaterThan(count / 256);
});

test("a change of one block writes its row and no other, however many there are", () => {
  const inventory = inventoryOf({
    pools: [poolObject("p", "10.0.0.0/16")],
    blocks: Array.from({ length: 200 }, (_unused, at) => blockObject(`10.0.${at}.0/26`, { node: `n${at}` })),
  });
  const before = decodePoolMap(readPoolMap(inventory, "p").body.buffer);
  const written = vi.spyOn(MapColumns.prototype, "write");
  event(
    inventory,
    "blocks",
    "MODIFIED",
    blockObject("10.0.7.0/26", { node: "n7", holders: [{ pod: "a/1", node: "n7" }] }),
  );
  const patch = readPoolMapPatch(inventory, "p", [], before.header.state);
  expect(written.mock.calls.map(([row]) => row)).toEqual([28]);
  expect([...decodePoolMapPatch((patch?.body ?? new Uint8Array()).buffer).row]).toEqual([28]);
  written.mockRestore();
  // What changed in other columns than those that are asked for is no news: the state is the same.
  const plain = decodePoolMap(readPoolMap(inventory, "p").body.buffer).header.state;
  event(inventory, "blocks", "MODIFIED", blockObject("10.0.9.0/26", { node: "n10" }));
  expect(decodePoolMap(readPoolMap(inventory, "p").body.buffer).header.state).toBe(plain);
  expect(decodePoolMap(readPoolMap(inventory, "p", ["node"]).body.buffer).header.state).not.toBe(plain);
});

test("names that are used no more are forgotten before they pile up, and whoever follows gets the whole", () => {
  const inventory = inventoryOf({ pools: [poolObject("p", "10.0.0.0/24")] });
  let map: PoolMap | null = null;
  let longest = 0;
  for (let at = 0; at < 400; at++) {
    event(inventory, "blocks", "MODIFIED", blockObject("10.0.0.64/26", { node: `n${at}` }));
    map = followed(inventory, ["node"], map);
    longest = Math.max(longest, map.header.nodes?.length ?? 0);
    expect(map.header.nodes?.[(map.node?.[1] ?? 0) - 1]).toBe(`n${at}`);
  }
  expect(longest).toBeLessThan(100);
});

test("a patch of another state, or of other columns, is not applied", () => {
  const inventory = inventoryOf({ pools: [poolObject("p", "10.0.0.0/20")] });
  event(inventory, "blocks", "ADDED", blockObject("10.0.0.64/26", { node: "n1" }));
  const before = decodePoolMap(readPoolMap(inventory, "p").body.buffer);
  event(inventory, "blocks", "ADDED", blockObject("10.0.0.128/26", { node: "n1" }));
  const bytes = readPoolMapPatch(inventory, "p", ["node"], before.header.state)?.body.buffer;
  if (!bytes) throw new Error("there is no patch");
  expect(() => patchPoolMap(before, decodePoolMapPatch(bytes))).toThrow(RangeError);
  const header = { ...before.header, state: "other.1" };
  expect(() => patchPoolMap({ ...before, header }, decodePoolMapPatch(bytes))).toThrow(RangeError);
  expect(readPoolMapPatch(inventory, "p", [], "other.1")).toBeNull();
});

/** Milliseconds that this thread has worked: what others do on the machine meanwhile does not count. */
const worked = () => process.threadCpuUsage().user / 1000;

test("the first map of a huge pool with many blocks and reservations holds nobody up for long", () => {
  const count = 5_000;
  const cidrOf = (at: number) => `fd00::${(at >> 10) + 1}:${((at & 1023) * 64).toString(16)}/122`;
  const inventory = inventoryOf({
    pools: [poolObject("p", "fd00::/64", { blockSize: 122 })],
    blocks: Array.from({ length: count }, (_unused, at) => blockObject(cidrOf(at), { node: "n1" })),
    reservations: [
      calicoObject("IPReservation", "r", {
        reservedCIDRs: Array.from({ length: 1000 }, (_unused, at) => cidrOf(5 * at)),
      }),
    ],
  });
  const row = inventory.space.pools.get("", "p");
  if (!row) throw new Error("the pool is gone");
  let [longest, before] = [0, worked()];
  const map = new KeptMap(inventory, row);
  for (let isReady = false; !isReady;) {
    isReady = map.step(0);
    longest = Math.max(longest, worked() - before);
    before = worked();
  }
  const reserved = jsonOf(inventory, map).slots.filter(({ flags }) => flags.includes("reserved"));
  expect(reserved).toHaveLength(1000);
  // Some 10 ms, and 170 ms while each reservation looked at each block.
  expect(longest).toBeLessThan(100);
}, 60_000);
