import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Address, formatAddress, parseAddress } from "./address.ts";
import type { Block, Owner } from "./block.ts";
import { countBlock } from "./block-count.ts";
import {
  attribute,
  freeAddresses,
  isEmpty,
  newBlock,
  takeExact,
  takeFromBlock,
  WINDOWS_HANDLE,
} from "./block-ops.ts";
import { collectCooled, type ReleaseClock, releaseAddresses, releaseByHandle } from "./block-release.ts";
import { parseCidr } from "./cidr.ts";
import { cidrSet, emptyCidrSet } from "./cidr-set.ts";

const host = (name: string): Owner => ({ type: "host", name });
const cidr = (text: string) => parseCidr(text).cidr;
const SECOND = 1_000_000_000n;
const START = 1_787_400_005_123_456_789n;
const clock = (seconds: number, cooldownSeconds = 0): ReleaseClock => ({
  now: START + BigInt(seconds) * SECOND,
  cooldownSeconds,
});
const fresh = () => newBlock(cidr("10.64.0.64/26"), host("worker-49"), START);

function take(
  block: Block,
  handle: string,
  node = "worker-49",
  count = 1,
): { block: Block; ips: readonly Address[] } {
  const request = {
    attribute: attribute(handle, { node, pod: handle }),
    owner: host(node),
    mustBeOwner: false,
  };
  const taken = takeFromBlock(block, count, request, emptyCidrSet);
  if (!taken.ok) throw new Error(taken.error);
  return { block: { ...taken.block, sequenceNumber: taken.block.sequenceNumber + 1n }, ips: taken.ips };
}

const release = (block: Block, handle: string, at: ReleaseClock): Block => {
  const released = releaseByHandle(block, handle, at);
  return { ...released.block, sequenceNumber: released.block.sequenceNumber + 1n };
};

/** The worked trace of the reference: tunnel, web-0, job-x, web-1, then job-x goes and cache-0 comes. */
function story(cooldownSeconds: number): Block {
  let block = fresh();
  for (const handle of ["tunnel", "web-0", "job-x", "web-1"]) block = take(block, handle).block;
  block = release(block, "job-x", clock(10, cooldownSeconds));
  return take(block, "cache-0").block;
}

describe("a block's life", () => {
  test("a released address goes to the tail and its attribute disappears", () => {
    const block = story(0);
    expect(block.allocations.slice(0, 6)).toEqual([0, 1, null, 2, 3, null]);
    expect(block.queue.slice(0, 2)).toEqual([5, 6]);
    expect(block.queue.at(-1)).toBe(2);
    expect(block.attributes.map((entry) => entry.handle)).toEqual(["tunnel", "web-0", "web-1", "cache-0"]);
    expect(block.sequenceNumber).toBe(START + 6n);
    expect([...block.sequenceForAllocation]).toEqual([
      [0, START],
      [1, START + 1n],
      [3, START + 3n],
      [4, START + 5n],
    ]);
  });

  test("with a cooldown it stays allocated to nobody until the time is over", () => {
    const block = story(60);
    expect(block.allocations.slice(0, 6)).toEqual([0, 1, 3, 2, 4, null]);
    expect(block.attributes[3]).toEqual({
      handle: null,
      owner: {},
      alternateOwner: null,
      releasedAt: "2026-08-22T12:00:15Z",
    });
    expect(block.sequenceForAllocation.get(2)).toBe(START + 2n);
    expect(countBlock(block, emptyCidrSet)).toMatchObject({ inUse: 5, cooling: 1, byKind: { pod: 4 } });
    expect(collectCooled(block, clock(69, 60))).toBe(block);
    const cooled = collectCooled(block, clock(70, 60));
    expect(cooled.allocations.slice(0, 6)).toEqual([0, 1, null, 2, 3, null]);
    expect(cooled.queue.at(-1)).toBe(2);
    expect(cooled.sequenceForAllocation.has(2)).toBe(false);
  });

  test("several released at once are queued in ascending order", () => {
    let block = fresh();
    for (const handle of ["a", "b", "c"]) block = take(block, handle).block;
    const requests = ["10.64.0.66", "10.64.0.64"].map((text) => ({ address: parseAddress(text) }));
    const released = releaseAddresses(block, requests, clock(1));
    expect(released.ok && released.block.queue.slice(-2)).toEqual([0, 2]);
    expect(released.ok && [...released.handles]).toEqual([
      ["c", 1],
      ["a", 1],
    ]);
  });

  test("a stale release changes nothing", () => {
    const { block, ips } = take(fresh(), "web-0");
    const address = ips[0] ?? parseAddress("0.0.0.0");
    expect(releaseAddresses(block, [{ address, handle: "other" }], clock(1))).toEqual({
      ok: false,
      error:
        "update conflict: 10.64.0.64 with error: the given handle (other) does not match (web-0) when attempting to release IP",
    });
    expect(releaseAddresses(block, [{ address, sequenceNumber: 7n }], clock(1))).toMatchObject({
      error: expect.stringContaining(`(7) does not match (${START})`),
    });
    expect(releaseByHandle(block, "web-0", clock(1), 7n)).toEqual({ block, count: 0 });
    const once = releaseAddresses(block, [{ address }], clock(1, 60));
    expect(once.ok && releaseAddresses(once.block, [{ address }], clock(2, 60))).toMatchObject({
      notAssigned: [address],
    });
  });

  test("reserved addresses are jumped over and keep their place", () => {
    const reservations = cidrSet([cidr("10.64.0.64/31")]);
    const request = { attribute: attribute("a", {}), owner: host("worker-49"), mustBeOwner: true };
    const taken = takeFromBlock(fresh(), 1, request, reservations);
    expect(taken.ok && taken.ips.map(formatAddress)).toEqual(["10.64.0.66"]);
    expect(taken.ok && taken.block.queue.slice(0, 3)).toEqual([0, 1, 3]);
    expect(freeAddresses(fresh(), reservations)).toBe(62);
    expect(freeAddresses(fresh(), cidrSet([cidr("10.64.0.64/27"), cidr("10.64.0.96/27")]))).toBe(0);
  });

  test("strict affinity and exact addresses refuse in Calico's words", () => {
    const request = { attribute: attribute("a", {}), owner: host("node-b"), mustBeOwner: true };
    const ownerless = { ...fresh(), affinity: null };
    const address = parseAddress("10.64.0.70");
    const errors = [
      takeFromBlock(fresh(), 1, request, emptyCidrSet),
      takeFromBlock(ownerless, 1, request, emptyCidrSet),
      takeExact(fresh(), address, request),
      takeExact(ownerless, address, request),
      takeExact(fresh(), parseAddress("10.64.0.63"), { ...request, mustBeOwner: false }),
    ];
    expect(errors.map((taken) => (taken.ok ? "ok" : taken.error))).toEqual([
      "Block affinity (host:worker-49) does not match provided (node-b:host)",
      "Attempt to assign from block 10.64.0.64/26 with no affinity",
      "Block host affinity does not match",
      "Attempt to assign from block 10.64.0.64/26 with no affinity",
      "IP 10.64.0.63 not in block 10.64.0.64/26",
    ]);
  });

  test("a Windows block keeps four addresses and is empty all the same", () => {
    const block = newBlock(cidr("10.64.0.64/29"), host("win"), START, true);
    expect(block.allocations).toEqual([0, 0, 0, null, null, null, null, 0]);
    expect(block.queue).toEqual([3, 4, 5, 6]);
    expect(block.attributes[0]).toMatchObject({
      handle: WINDOWS_HANDLE,
      owner: { note: "windows host rsvd" },
    });
    expect(isEmpty(block)).toBe(true);
    expect(isEmpty(take(block, "a").block)).toBe(false);
    expect(countBlock(block, emptyCidrSet)).toMatchObject({ inUse: 4, free: 4, byKind: { windows: 4 } });
  });
});

test("counts: in use and reserved overlap, lent is what other nodes use", () => {
  let block = take(fresh(), "mine").block;
  block = take(block, "theirs", "worker-7").block;
  const reservations = cidrSet([cidr("10.64.0.65/32"), cidr("10.64.0.120/29")]);
  expect(countBlock(block, reservations)).toEqual({
    capacity: 64,
    inUse: 2,
    reserved: 9,
    reservedInUse: 1,
    free: 54,
    cooling: 0,
    byKind: { pod: 2, tunnel: 0, loadBalancer: 0, vm: 0, windows: 0, other: 0 },
    lent: 1,
  });
  expect(countBlock({ ...block, affinity: null }, reservations).lent).toBe(2);
});

describe("whatever happens to a block", () => {
  type Step =
    { do: "take"; count: number } | { do: "release"; which: number } | { do: "wait"; seconds: number };
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant("take" as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant("release" as const), which: fc.nat() }),
      fc.record({ do: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 9 }) }),
    ),
    { maxLength: 60 },
  );

  function play(
    script: readonly Step[],
    cooldownSeconds: number,
    check: (block: Block, held: Map<string, string[]>) => void,
  ) {
    let block = newBlock(cidr("10.64.0.64/28"), host("worker-49"), START);
    let seconds = 0;
    const held = new Map<string, string[]>();
    script.forEach((step, at) => {
      block = collectCooled(block, clock(seconds, cooldownSeconds));
      if (step.do === "wait") seconds += step.seconds;
      if (step.do === "take") {
        const taken = take(block, `h${at}`, "worker-49", step.count);
        block = taken.block;
        if (taken.ips.length > 0) held.set(`h${at}`, taken.ips.map(formatAddress));
      }
      if (step.do === "release" && held.size > 0) {
        const handle = [...held.keys()][step.which % held.size] ?? "";
        block = release(block, handle, clock(++seconds, cooldownSeconds));
        held.delete(handle);
      }
      check(block, held);
    });
    return block;
  }

  test.each([0, 5])(
    "with a cooldown of %d s: used + free = size, nothing twice, no entry unused",
    (cooldown) => {
      fc.assert(
        fc.property(steps, (script) => {
          play(script, cooldown, (block, held) => {
            const counts = countBlock(block, emptyCidrSet);
            expect(counts.inUse + counts.free).toBe(counts.capacity);
            const owned = [...held.values()].flat();
            expect(new Set(owned).size).toBe(owned.length);
            expect(counts.byKind.pod).toBe(owned.length);
            expect(new Set(block.queue).size).toBe(block.queue.length);
            expect(block.queue.every((ordinal) => block.allocations[ordinal] === null)).toBe(true);
            const used = new Set(block.allocations.filter((index) => index !== null));
            expect([...used].sort((a, b) => a - b)).toEqual(block.attributes.map((_, index) => index));
            expect(block.sequenceForAllocation.size).toBe(counts.inUse);
          });
        }),
      );
    },
  );

  test("the queue is least recently released first", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const lastFreed = new Map<number, number>();
        let before: readonly (number | null)[] = [];
        let now = 0;
        play(script, 0, (block) => {
          now++;
          block.allocations.forEach((index, ordinal) => {
            if (index === null && (before[ordinal] ?? null) !== null) lastFreed.set(ordinal, now);
          });
          before = block.allocations;
          const ages = block.queue.map((ordinal) => [lastFreed.get(ordinal) ?? 0, ordinal] as const);
          expect(ages).toEqual(ages.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
        });
      }),
    );
  });

  test("taking and releasing everything leaves an empty block", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const held = new Set<string>();
        let block = play(script, 0, (_, now) => {
          held.clear();
          for (const handle of now.keys()) held.add(handle);
        });
        for (const handle of held) block = release(block, handle, clock(1000));
        expect(isEmpty(block)).toBe(true);
        expect(block.queue.length).toBe(16);
        expect(block.attributes).toEqual([]);
      }),
    );
  });
});
