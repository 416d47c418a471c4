import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress } from "./address.ts";
import { type AddressRow, blockRows, unclaimedRows } from "./address-rows.ts";
import { blockSlots } from "./block-map.ts";
import type { Block } from "./block.ts";
import { countBlock } from "./block-count.ts";
import { attribute, newBlock, takeFromBlock } from "./block-ops.ts";
import { releaseByHandle } from "./block-release.ts";
import { type Cidr, cidrAround, cidrSize, parseCidr } from "./cidr.ts";
import { cidrSet, emptyCidrSet } from "./cidr-set.ts";
import { blocksInPool } from "./host-order.ts";

const cidr = (text: string): Cidr => parseCidr(text).cidr;
const START = 1_787_400_005_123_456_789n;

function take(block: Block, handle: string, owner: Record<string, string>): Block {
  const request = {
    attribute: attribute(handle, owner),
    owner: { type: "host" as const, name: "a" },
    mustBeOwner: false,
  };
  const taken = takeFromBlock(block, 1, request, emptyCidrSet);
  if (!taken.ok) throw new Error(taken.error);
  return taken.block;
}

const brief = (row: AddressRow) =>
  [row.ip, row.lastIp, row.state, row.kind, row.owner?.name, row.reservedBy.join()].filter(Boolean).join(" ");

test("rows of a block: each address that is something, and the runs between", () => {
  let block = newBlock(cidr("10.64.0.64/28"), { type: "host", name: "worker-49" }, START);
  block = take(block, "vxlan-tunnel-addr-worker-49", { node: "worker-49", type: "vxlanTunnelAddress" });
  block = take(block, "h1", {
    node: "worker-49",
    pod: "web-0",
    namespace: "shop",
    timestamp: "2026-08-22 12:00:31.482913075 +0000 UTC",
  });
  block = take(block, "h2", { node: "worker-7", pod: "web-1", namespace: "shop" });
  block = take(block, "lb-x", { type: "LoadBalancer", service: "front", namespace: "shop" });
  block = take(block, "vm", { node: "worker-49", "vmi-name": "db", pod: "virt-launcher", namespace: "vms" });
  block = take(block, "ancient", {});
  block = releaseByHandle(block, "h2", { now: START, cooldownSeconds: 60 }).block;
  const reservations = [
    { name: "z", cidrs: [cidr("10.64.0.72/31")] },
    { name: "b", cidrs: [cidr("10.64.0.64/32"), cidr("10.64.0.73/32")] },
  ];
  const rows = blockRows(block, reservations);
  expect(rows.map(brief)).toEqual([
    "10.64.0.64 used tunnel worker-49 b",
    "10.64.0.65 used pod web-0",
    "10.64.0.66 cooling",
    "10.64.0.67 used loadBalancer front",
    "10.64.0.68 used vm db",
    "10.64.0.69 used other",
    "10.64.0.70 10.64.0.71 free",
    "10.64.0.72 reserved z",
    "10.64.0.73 reserved b,z",
    "10.64.0.74 10.64.0.79 free",
  ]);
  expect(rows[1]).toMatchObject({
    owner: { kind: "pod", namespace: "shop", name: "web-0" },
    node: "worker-49",
    since: "2026-08-22T12:00:31.482Z",
    handle: "h1",
    borrowed: false,
  });
  expect(rows[2]).toMatchObject({ since: "2026-08-22T12:00:05Z", node: null, handle: null, borrowed: false });
});

test("a borrowed address, and odd data: lost from the queue, pointing nowhere", () => {
  const fresh = newBlock(cidr("10.64.0.0/30"), { type: "host", name: "a" }, START);
  const block = { ...take(fresh, "h", { node: "b", pod: "p", namespace: "n" }), queue: [1] };
  const rows = blockRows({ ...block, allocations: [0, null, null, 9] }, []);
  expect(rows.map(brief)).toEqual([
    "10.64.0.0 used pod p",
    "10.64.0.1 free",
    "10.64.0.2 used other",
    "10.64.0.3 used other",
  ]);
  expect(rows[0]?.borrowed).toBe(true);
});

describe("unclaimed runs", () => {
  test("lie between the blocks and are split by reservations", () => {
    const reservations = [{ name: "vips", cidrs: [cidr("10.64.0.96/28"), cidr("10.65.0.0/16")] }];
    const rows = unclaimedRows(
      cidr("10.64.0.0/24"),
      [cidr("10.64.0.0/26"), cidr("10.64.0.128/26")],
      reservations,
    );
    expect(rows.map(brief)).toEqual([
      "10.64.0.64 10.64.0.95 unclaimed",
      "10.64.0.96 10.64.0.111 unclaimed vips",
      "10.64.0.112 10.64.0.127 unclaimed",
      "10.64.0.192 10.64.0.255 unclaimed",
    ]);
  });

  test("an empty IPv6 pool is one row", () => {
    const rows = unclaimedRows(cidr("fd00::/64"), [], []);
    expect(rows.map(brief)).toEqual(["fd00:: fd00::ffff:ffff:ffff:ffff unclaimed"]);
  });
});

test("every address of a pool is in exactly one row, and the rows agree with the counts", () => {
  const network = fc
    .tuple(fc.integer({ min: 0, max: 127 }), fc.integer({ min: 27, max: 32 }))
    .map(([offset, prefix]) => cidrAround(parseAddress(`10.64.0.${offset}`), prefix));
  const slots = fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 6 });
  fc.assert(
    fc.property(
      slots,
      fc.array(network, { maxLength: 4 }),
      fc.integer({ min: 0, max: 16 }),
      (taken, reserved, pods) => {
        const pool = cidr("10.64.0.0/25");
        const reservations = reserved.map((one, at) => ({ name: `r${at}`, cidrs: [one] }));
        const blocks = taken.map((slot) => {
          let block = newBlock(cidr(`10.64.0.${slot * 16}/28`), { type: "host", name: "a" }, START);
          for (let at = 0; at < pods; at++) block = take(block, `h${at}`, { node: "a", pod: `p${at}` });
          return block;
        });
        const rows = blocks.flatMap((block) => blockRows(block, reservations));
        const outside = unclaimedRows(
          pool,
          blocks.map((block) => block.cidr),
          reservations,
        );
        const seen = [...rows, ...outside].flatMap(({ ip, lastIp }) => {
          const first = parseAddress(ip).value;
          const size = Number(parseAddress(lastIp ?? ip).value - first) + 1;
          return Array.from({ length: size }, (_, at) => first + BigInt(at));
        });
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.length).toBe(Number(cidrSize(pool)));
        const counts = blocks.map((block) => countBlock(block, cidrSet(reserved)));
        const sum = (key: "inUse" | "free") => counts.reduce((total, one) => total + one[key], 0);
        expect(rows.filter((row) => row.state === "used")).toHaveLength(sum("inUse"));
        const free = rows.filter((row) => row.state === "free");
        const size = ({ ip, lastIp }: AddressRow) =>
          Number(parseAddress(lastIp ?? ip).value - parseAddress(ip).value) + 1;
        expect(free.reduce((total, row) => total + size(row), 0)).toBe(sum("free"));
      },
    ),
  );
});

describe("a block's slots in its pool", () => {
  const pool = { cidr: cidr("10.64.0.0/20"), blockSize: 26 };
  test.each([
    ["10.64.0.0/26", 0n, 1n],
    ["10.64.15.192/26", 63n, 1n],
    ["10.64.0.80/28", 1n, 1n],
    ["10.64.1.0/24", 4n, 4n],
    ["10.64.0.0/16", 0n, 64n],
  ])("%s covers from %d on %d", (text, first, count) => {
    expect(blockSlots(pool, cidr(text))).toEqual({ first, count });
  });
  test("none outside, and the grid of an IPv6 pool is counted in bigints", () => {
    expect(blockSlots(pool, cidr("10.65.0.0/26"))).toBeNull();
    expect(blockSlots(pool, cidr("fd00::/122"))).toBeNull();
    const wide = { cidr: cidr("fd00::/48"), blockSize: 122 };
    expect(blockSlots(wide, cidr("fd00:0:0:ffff:ffff:ffff:ffff:ffc0/122"))).toEqual({
      first: 2n ** 74n - 1n,
      count: 1n,
    });
    expect(blocksInPool(wide)).toBe(2n ** 74n);
  });
});
