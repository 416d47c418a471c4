import fc from "fast-check";
import { expect, test } from "vitest";
import { type PoolMap, poolMapFlags } from "@/lib/contract/pool-map.ts";
import {
  cellOf,
  countKeys,
  legendKeys,
  depthOf,
  matchesKey,
  nextClaimed,
  rowOf,
  rowOfName,
  slotName,
} from "./map-model.ts";

function map(
  used: readonly number[],
  flags: readonly number[],
  parts: Partial<PoolMap["header"]> = {},
  slot: readonly bigint[] | null = null,
): PoolMap {
  return {
    header: {
      version: "e.1",
      pool: "p",
      cidr: "10.64.0.0/20",
      blockSize: 26,
      capacity: 64,
      possible: "64",
      rows: used.length,
      nodes: null,
      columns: [],
      ...parts,
    },
    slot: slot === null ? null : BigUint64Array.from(slot),
    used: Uint8Array.from(used),
    flags: Uint8Array.from(flags),
    node: null,
  };
}

test.each([
  [0, 0],
  [1, 1],
  [15, 1],
  [16, 2],
  [31, 2],
  [32, 3],
  [47, 3],
  [48, 4],
  [63, 4],
  [64, 5],
  [65, 5],
])("%d of 64 is depth %d", (used, depth) => expect(depthOf(used, 64)).toBe(depth));

test("a block of one address is empty or full", () => {
  expect([depthOf(0, 1), depthOf(1, 1)]).toEqual([0, 5]);
});

test("cells: unclaimed, reserved, claimed, and the most urgent mark", () => {
  const { reserved, lends, noOwner, partlyReserved } = poolMapFlags;
  const subject = map([0, 0, 1, 65, 33], [0, reserved, lends | noOwner, lends | partlyReserved, reserved]);
  expect([0, 1, 2, 3, 4].map((row) => cellOf(subject, row))).toEqual([
    { kind: "unclaimed", used: null, mark: null },
    { kind: "reserved", used: null, mark: null },
    { kind: 0, used: 0, mark: "noOwner" },
    { kind: 5, used: 64, mark: "lends" },
    { kind: 3, used: 32, mark: "reserved" },
  ]);
  expect(countKeys(subject)).toMatchObject({
    "depth-0": 1,
    "depth-3": 1,
    "depth-5": 1,
    unclaimed: 1,
    reserved: 2,
    partlyReserved: 1,
    lends: 2,
    noOwner: 1,
    odd: 0,
  });
  expect(matchesKey(subject, 3, "lends")).toBe(true);
});

test("the counts of the legend are those of its filters", () => {
  const byte = fc.integer({ min: 0, max: 127 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 65 }), byte), { maxLength: 40 }), (slots) => {
      const subject = map(
        slots.map(([used]) => used),
        slots.map(([, flags]) => flags),
      );
      const counts = countKeys(subject);
      for (const key of legendKeys) {
        expect(counts[key]).toBe(slots.filter((_slot, row) => matchesKey(subject, row, key)).length);
      }
    }),
  );
});

test("rows, networks and names lead to each other", () => {
  const subject = map(
    Array.from({ length: 64 }, () => 0),
    Array.from({ length: 64 }, () => 0),
  );
  expect(slotName(subject, 5)).toEqual({ cidr: "10.64.1.64/26", name: "10-64-1-64-26" });
  for (const row of [0, 5, 63]) {
    expect(rowOf(subject, slotName(subject, row).cidr)).toBe(row);
    expect(rowOfName(subject, slotName(subject, row).name)).toBe(row);
  }
  for (const name of ["", "nonsense", "10-64-1", "10-64-1-64-99"])
    expect(rowOfName(subject, name)).toBeNull();
  expect(rowOf(subject, "10.64.16.0/26")).toBeNull();
  expect(rowOf(subject, "fd00::/122")).toBeNull();
});

test("a sparse map knows its slots", () => {
  const slots = [3n, 2n ** 40n];
  const subject = map(
    [5, 65],
    [0, 0],
    { cidr: "fd00::/64", blockSize: 122, possible: String(2n ** 58n) },
    slots,
  );
  expect(slotName(subject, 1).cidr).toBe("fd00::4000:0:0/122");
  expect(rowOf(subject, "fd00::c0/122")).toBe(0);
  expect(rowOfName(subject, slotName(subject, 1).name)).toBe(1);
  expect(rowOf(subject, "fd00::/122")).toBeNull();
});

test("neighbours skip what nobody has claimed", () => {
  const subject = map([0, 2, 0, 0, 9], [0, 0, 0, 0, 0]);
  expect([nextClaimed(subject, 1, 1), nextClaimed(subject, 1, -1), nextClaimed(subject, 4, 1)]).toEqual([
    4,
    null,
    null,
  ]);
});
