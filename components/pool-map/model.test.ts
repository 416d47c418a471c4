import { expect, test } from "vitest";
import { poolMapFlags } from "@/lib/contract/pool-map.ts";
import { MapCounter } from "./counts.ts";
import {
  cellOf,
  countMarks,
  depthOf,
  hasMark,
  nextClaimed,
  ordinalOf,
  reservedOf,
  rowOf,
  rowOfName,
  slotName,
} from "./model.ts";
import { emptyMap, testMap } from "./testing.ts";

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
  const subject = testMap({
    used: [0, 0, 1, 65, 33],
    flags: [0, reserved, lends | noOwner, lends | partlyReserved, reserved],
  });
  expect([0, 1, 2, 3, 4].map((row) => cellOf(subject, row))).toEqual([
    { kind: "unclaimed", used: null, mark: null },
    { kind: "reserved", used: null, mark: null },
    { kind: 0, used: 0, mark: "noOwner" },
    { kind: 5, used: 64, mark: "lends" },
    { kind: 3, used: 32, mark: "reserved" },
  ]);
  expect(countMarks(new MapCounter().of(subject).flags)).toMatchObject({
    reserved: 2,
    partlyReserved: 1,
    lends: 2,
    noOwner: 1,
    odd: 0,
  });
  expect(hasMark(reserved | partlyReserved, "partlyReserved")).toBe(false);
  expect([0, 1, 3].map((row) => reservedOf(subject, row))).toEqual(["none", "all", "some"]);
});

test("rows, networks and names lead to each other", () => {
  const subject = emptyMap(64);
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
  const subject = testMap({ used: [5, 65], cidr: "fd00::/64", blockSize: 122, slot: slots });
  expect(slotName(subject, 1).cidr).toBe("fd00::4000:0:0/122");
  expect(rowOf(subject, "fd00::c0/122")).toBe(0);
  expect(rowOfName(subject, slotName(subject, 1).name)).toBe(1);
  expect(rowOf(subject, "fd00::/122")).toBeNull();
});

test("neighbours skip what nobody has claimed", () => {
  const subject = testMap({ used: [0, 2, 0, 0, 9] });
  expect([nextClaimed(subject, 1, 1), nextClaimed(subject, 1, -1), nextClaimed(subject, 4, 1)]).toEqual([
    4,
    null,
    null,
  ]);
});

test.each([
  ["10.64.1.64", 0],
  ["10.64.1.127", 63],
  ["10.64.1.128", null],
  ["fd00::1", null],
  ["nonsense", null],
])("%s is address %s of its block", (ip, ordinal) => expect(ordinalOf(emptyMap(64), 5, ip)).toBe(ordinal));
