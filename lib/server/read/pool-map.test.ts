import { expect, test } from "vitest";
import { decodePoolMap, type MapColumn, poolMapFlags } from "../../contract/pool-map.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { calicoObject, event, inventoryOf, podObject } from "../../inventory/testing.ts";
import { readPoolMap, readPoolMapJson } from "./pool-map.ts";

const pool = (name: string, cidr: string, blockSize = 26) =>
  calicoObject("IPPool", name, { cidr, blockSize });
const affinity = (node: string, cidr: string, state = "confirmed") =>
  calicoObject("BlockAffinity", `${node}-${nameOf(cidr)}`, { node, cidr, state, deleted: "false" });

function nameOf(cidr: string): string {
  return cidr.replaceAll(/[.:/]/g, "-");
}

function block(
  cidr: string,
  {
    node,
    used = [],
    users = node,
  }: { node?: string | undefined; used?: readonly number[]; users?: string | undefined },
) {
  const [, prefix = ""] = cidr.split("/");
  const size = 2 ** ((cidr.includes(":") ? 128 : 32) - Number(prefix));
  const ordinals = Array.from({ length: size }, (_, ordinal) => ordinal);
  return calicoObject("IPAMBlock", nameOf(cidr), {
    cidr,
    ...(node === undefined ? {} : { affinity: `host:${node}` }),
    allocations: ordinals.map((ordinal) => (used.includes(ordinal) ? 0 : null)),
    unallocated: ordinals.filter((ordinal) => !used.includes(ordinal)),
    attributes: [{ handle_id: "h", secondary: { pod: "p", namespace: "n", node: users } }],
    sequenceNumber: 1,
    deleted: false,
  });
}

/** It has every address of the blocks above. */
const pod = podObject("n/p", { node: null });

function decoded(inventory: Inventory, name: string, ...columns: readonly MapColumn[]) {
  return decodePoolMap(readPoolMap(inventory, name, columns).body.buffer);
}

test("every slot of a pool has a row: unclaimed, empty, used, full", () => {
  const inventory = inventoryOf({
    pools: [pool("p", "10.0.0.0/24")],
    blocks: [
      block("10.0.0.64/26", { node: "a" }),
      block("10.0.0.128/26", { node: "a", used: [0, 5, 63] }),
      block("10.0.0.192/26", { node: "b", used: Array.from({ length: 64 }, (_, ordinal) => ordinal) }),
    ],
    affinities: [
      affinity("a", "10.0.0.64/26"),
      affinity("a", "10.0.0.128/26"),
      affinity("b", "10.0.0.192/26"),
    ],
    pods: [pod],
  });
  const map = decoded(inventory, "p", "node");
  expect(map.header).toMatchObject({
    pool: "p",
    cidr: "10.0.0.0/24",
    blockSize: 26,
    capacity: 64,
    possible: "4",
    rows: 4,
  });
  expect([...map.used]).toEqual([0, 1, 4, 65]);
  expect([...map.flags]).toEqual([0, 0, 0, 0]);
  expect([...(map.node ?? [])].map((id) => map.header.nodes?.[id - 1] ?? null)).toEqual([
    null,
    "a",
    "a",
    "b",
  ]);
  expect(decoded(inventory, "p").node).toBeNull();
});

test("marks: no owner, lends, reserved in part and whole, unsettled claims", () => {
  const inventory = inventoryOf({
    pools: [pool("p", "10.0.0.0/24")],
    blocks: [
      block("10.0.0.0/26", { used: [0], users: "a" }),
      block("10.0.0.64/26", { node: "a", used: [0], users: "b" }),
      block("10.0.0.128/26", { node: "a" }),
    ],
    affinities: [affinity("a", "10.0.0.64/26"), affinity("a", "10.0.0.128/26", "pending")],
    pods: [pod],
    reservations: [
      calicoObject("IPReservation", "r", {
        reservedCIDRs: ["10.0.0.64/30", "10.0.0.192/27", "10.0.0.224/27"],
      }),
    ],
  });
  const { noOwner, lends, partlyReserved, unsettled, reserved, borrows } = poolMapFlags;
  expect([...decoded(inventory, "p").flags]).toEqual([
    noOwner | lends,
    lends | partlyReserved | borrows,
    unsettled | borrows,
    reserved,
  ]);
});

test.each([
  ["within one slot", ["10.0.0.0/30"], ["part", null, null, null]],
  ["to the middle of a slot", ["10.0.0.64/26", "10.0.0.128/27"], [null, "whole", "part", null]],
  ["from the middle of a slot", ["10.0.0.32/27", "10.0.0.64/26"], ["part", "whole", null, null]],
  ["over all", ["10.0.0.0/8"], ["whole", "whole", "whole", "whole"]],
])("a run of reserved addresses %s", (_, reservedCIDRs, expected) => {
  const inventory = inventoryOf({
    pools: [pool("p", "10.0.0.0/24")],
    reservations: [calicoObject("IPReservation", "r", { reservedCIDRs })],
  });
  const { partlyReserved, reserved } = poolMapFlags;
  const words = new Map([
    [0, null],
    [partlyReserved, "part"],
    [reserved, "whole"],
  ]);
  expect(Array.from(decoded(inventory, "p").flags, (flags) => words.get(flags))).toEqual(expected);
});

test("blocks of other sizes are shared out, or gathered, and marked as odd", () => {
  const inventory = inventoryOf({
    pools: [pool("p", "10.0.0.0/23")],
    blocks: [
      block("10.0.0.0/25", { node: "a", used: [0, 64, 65] }),
      block("10.0.1.0/28", { node: "a", used: [1] }),
      block("10.0.1.16/28", { node: "a", used: [2, 3] }),
    ],
  });
  const map = decoded(inventory, "p");
  expect([...map.used]).toEqual([2, 3, 0, 0, 4, 0, 0, 0]);
  expect([...map.flags].map((flags) => (flags & poolMapFlags.odd) !== 0)).toEqual([
    true,
    true,
    false,
    false,
    true,
    false,
    false,
    false,
  ]);
});

test("large blocks have 16-bit counts", () => {
  const used = Array.from({ length: 1000 }, (_, ordinal) => ordinal);
  const inventory = inventoryOf({
    pools: [pool("p", "10.0.0.0/21", 22)],
    blocks: [block("10.0.4.0/22", { node: "a", used })],
  });
  const map = decoded(inventory, "p");
  expect(map.used).toBeInstanceOf(Uint16Array);
  expect([...map.used]).toEqual([0, 1001]);
});

test("a huge IPv6 pool has rows for touched slots only", () => {
  const inventory = inventoryOf({
    pools: [pool("six", "fd00:10:64::/64", 122)],
    blocks: [
      block("fd00:10:64::40/122", { node: "a", used: [0] }),
      block("fd00:10:64:0:1116:7b46:a053:8a40/122", { node: "b" }),
    ],
    reservations: [calicoObject("IPReservation", "r", { reservedCIDRs: ["fd00:10:64::40/124"] })],
  });
  const map = decoded(inventory, "six");
  expect(map.header).toMatchObject({ possible: String(2n ** 58n), rows: 2 });
  expect([...(map.slot ?? [])]).toEqual([1n, 19239173303127593n]);
  expect([...map.used]).toEqual([2, 1]);
  expect((map.flags[0] ?? 0) & poolMapFlags.partlyReserved).not.toBe(0);
  expect(readPoolMapJson(inventory, "six").slots.map((row) => [row.slot, row.used, row.node])).toEqual([
    ["1", 1, "a"],
    ["19239173303127593", 0, "b"],
  ]);
});

test("a block has its place however far it is from the start of its pool", () => {
  const far = ["fd00:77::/122", "fd00:77:0:8000::/122", "fd00:77:0:ffff:ffff:ffff:ffff:ffc0/122"];
  const inventory = inventoryOf({
    pools: [pool("ula", "fd00:77::/48", 122)],
    blocks: far.map((cidr, at) => block(cidr, { node: "a", used: Array.from({ length: at }, (_, n) => n) })),
    reservations: [calicoObject("IPReservation", "r", { reservedCIDRs: ["fd00:77:0:8000::/64"] })],
  });
  const map = decoded(inventory, "ula");
  expect(map.slot).toEqual([0n, 2n ** 73n, 2n ** 74n - 1n]);
  expect([...map.used]).toEqual([1, 2, 3]);
  expect([...map.flags].map((each) => (each & poolMapFlags.reserved) !== 0)).toEqual([false, true, false]);
});

test("the tag is that of the content: other pools' changes keep it, its own change it", () => {
  const inventory = inventoryOf({ pools: [pool("p", "10.0.0.0/24"), pool("q", "10.1.0.0/24")] });
  const before = readPoolMap(inventory, "p");
  event(inventory, "blocks", "ADDED", block("10.1.0.0/26", { node: "a" }));
  expect(readPoolMap(inventory, "p")).toBe(before);
  event(inventory, "blocks", "ADDED", block("10.0.0.0/26", { node: "a" }));
  expect(readPoolMap(inventory, "p").etag).not.toBe(before.etag);
});

test("nonsense is refused, not misread", () => {
  const { body } = readPoolMap(inventoryOf({ pools: [pool("p", "10.0.0.0/24")] }), "p");
  expect(() => decodePoolMap(new ArrayBuffer(0))).toThrow(RangeError);
  expect(() => decodePoolMap(body.slice(1).buffer)).toThrow(RangeError);
  expect(() => decodePoolMap(body.slice(0, body.length - 8).buffer)).toThrow(RangeError);
});
