import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AutoAssignRequest, planAutoAssign } from "./auto-assign.ts";
import type { Block, Owner } from "./block.ts";
import { attribute, freeAddresses, newBlock, takeFromBlock } from "./block-ops.ts";
import { cidrSet } from "./cidr-set.ts";
import { formatCidr, parseCidr } from "./cidr.ts";
import { type FragmentBlock, type FragmentRules, fragmentation } from "./fragmentation.ts";
import { poolSpace } from "./pool-space.ts";
import { testPool } from "./testing.ts";

const node = (name: string): Owner => ({ type: "host", name });
const roomy: FragmentRules = {
  blocksLeft: 3n,
  strictAffinity: false,
  autoAllocateBlocks: true,
  blockLimit: 20,
  takesOver: true,
};
const claimed = { ...roomy, blocksLeft: 0n };
const half: FragmentBlock = { owner: node("a"), free: 32, inUse: 32, windows: 0 };
const full: FragmentBlock = { owner: node("b"), free: 0, inUse: 64, windows: 0 };
const empty: FragmentBlock = { owner: node("c"), free: 64, inUse: 0, windows: 0 };
const emptyWindows: FragmentBlock = { owner: node("w"), free: 60, inUse: 4, windows: 4 };
const ownerless: FragmentBlock = { owner: null, free: 60, inUse: 4, windows: 0 };
const ownerlessEmpty: FragmentBlock = { owner: null, free: 64, inUse: 0, windows: 0 };
const balancer: FragmentBlock = {
  owner: { type: "virtual", name: "load-balancer" },
  free: 50,
  inUse: 14,
  windows: 0,
};

describe("how a new node gets an address, and what is stranded", () => {
  test.each([
    ["no block is claimed", [], roomy, "claims", 0, 0],
    ["blocks are left", [half, full], roomy, "claims", 0, 0],
    [
      "blocks are left, strict affinity",
      [half, ownerless],
      { ...roomy, strictAffinity: true },
      "claims",
      60,
      0,
    ],
    ["all is claimed", [half, full], claimed, "borrows", 32, 0],
    ["all is claimed, strict affinity", [half, full], { ...claimed, strictAffinity: true }, "refused", 32, 0],
    ["one block is empty", [half, empty], claimed, "takesOver", 0, 1],
    [
      "one block is empty, strict affinity",
      [half, empty],
      { ...claimed, strictAffinity: true },
      "takesOver",
      0,
      1,
    ],
    ["one holds Windows' own alone", [half, emptyWindows], claimed, "takesOver", 0, 1],
    [
      "Calico before v3.32 takes nothing over",
      [half, empty],
      { ...claimed, takesOver: false },
      "borrows",
      96,
      0,
    ],
    ["an empty block has no owner", [half, ownerlessEmpty], claimed, "borrows", 96, 0],
    ["a controller's block", [balancer], claimed, "borrows", 50, 0],
    ["every address is in use", [full], claimed, "full", 0, 0],
    ["the same, strict affinity", [full], { ...claimed, strictAffinity: true }, "full", 0, 0],
    ["no block may be claimed", [half], { ...roomy, autoAllocateBlocks: false }, "refused", 32, 0],
    ["the same, none is claimed", [], { ...roomy, autoAllocateBlocks: false }, "refused", 0, 0],
  ] as const)("%s", (_story, blocks, rules, newNode, stranded, takeable) => {
    const found = fragmentation(blocks, rules);
    expect({ newNode: found.newNode, stranded: found.stranded, takeable: found.takeable }).toEqual({
      newNode,
      stranded,
      takeable,
    });
  });
});

test("holders are nodes, and those at their limit are counted", () => {
  const blocks = [half, half, full, ownerless, balancer];
  const found = fragmentation(blocks, { ...roomy, blockLimit: 2 });
  expect([...found.holders].sort()).toEqual(["a", "b"]);
  expect(found.atLimit).toBe(1);
  expect([found.free, found.blocksWithFree]).toEqual([32 + 32 + 60 + 50, 4]);
});

// A /28 of four /30s: what the model says of a node that holds none is what the allocator does with it.
test("the judgement is what AutoAssign does", () => {
  const pool = testPool("p", "10.0.0.0/28", { blockSize: 30 });
  const START = 1_780_000_000_000_000_000n;
  const later = START + 3_600_000_000_000n;
  const slot = fc.record({
    state: fc.constantFrom("unclaimed", "claimed", "ownerless"),
    node: fc.constantFrom("a", "b"),
    used: fc.integer({ min: 0, max: 4 }),
  });
  fc.assert(
    fc.property(
      fc.array(slot, { minLength: 4, maxLength: 4 }),
      fc.record({
        strict: fc.boolean(),
        auto: fc.boolean(),
        reserved: fc.constantFrom([], ["10.0.0.4/30"], ["10.0.0.0/31"]),
      }),
      (slots, { strict, auto, reserved }) => {
        const reservations = cidrSet(reserved.map((text) => parseCidr(text).cidr));
        const blocks = new Map<string, Block>();
        slots.forEach(({ state, node: name, used }, index) => {
          if (state === "unclaimed") return;
          const { cidr } = parseCidr(`10.0.0.${index * 4}/30`);
          const fresh = newBlock(cidr, node(name), START);
          const entry = { attribute: attribute(null, { node: name }), owner: node(name), mustBeOwner: false };
          const taken = takeFromBlock(fresh, used, entry, cidrSet([]));
          const block = taken.ok && used > 0 ? taken.block : fresh;
          blocks.set(formatCidr(cidr), state === "ownerless" ? { ...block, affinity: null } : block);
        });
        const config = {
          strictAffinity: strict,
          autoAllocateBlocks: auto,
          maxBlocksPerHost: 0,
          kubeVirtVMAddressPersistence: "Enabled" as const,
          ipCooldownSeconds: 0,
        };
        const affinities = [...blocks.values()].flatMap(({ affinity, cidr }) =>
          affinity === null
            ? []
            : [{ owner: affinity, cidr, state: "confirmed" as const, deleted: false, revision: "1" }],
        );
        const request: AutoAssignRequest = {
          family: 4,
          requestedPools: [],
          node: "new",
          nodeLabels: () => ({}),
          namespaceLabels: {},
          use: "Workload",
          handle: "h",
          attributes: { node: "new" },
          now: later,
        };
        const plan = planAutoAssign(
          {
            pools: [pool],
            blocks,
            affinities,
            handles: new Map(),
            config,
            reservations: [{ name: "r", cidrs: reserved.map((text) => parseCidr(text).cidr) }],
          },
          request,
        );
        const space = poolSpace(
          pool,
          [...blocks.values()].map(({ cidr }) => cidr),
          reservations,
        );
        const judged = fragmentation(
          [...blocks.values()].map((block) => ({
            owner: block.affinity,
            free: freeAddresses(block, reservations),
            inUse: block.allocations.length - block.queue.length,
            windows: 0,
          })),
          { ...roomy, strictAffinity: strict, autoAllocateBlocks: auto, blocksLeft: space.blocksLeft },
        );
        const got = plan.writes.find((write) => write.kind === "block" && write.op === "update");
        const own = got?.kind === "block" && got.block.affinity?.name === "new";
        const removed = plan.writes.some((write) => write.kind === "block" && write.op === "delete");
        const did = plan.ips.length === 0 ? "nothing" : !own ? "borrows" : removed ? "takesOver" : "claims";
        const says = judged.newNode === "refused" || judged.newNode === "full" ? "nothing" : judged.newNode;
        expect(did).toBe(says);
      },
    ),
  );
});
