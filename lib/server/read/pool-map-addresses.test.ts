import { expect, test } from "vitest";
import {
  addressBits,
  addressKind,
  type AddressMap,
  decodeAddressMap,
  mostMapAddresses,
} from "../../contract/address-map.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import {
  blockObject,
  calicoObject,
  forbid,
  inventoryOf,
  nodeObject,
  podObject,
  poolObject,
  type RawCluster,
} from "../../inventory/testing.ts";
import { readPoolAddressMap } from "./pool-map-addresses.ts";

const cluster: RawCluster = {
  pools: [poolObject("p", "10.0.0.0/24", { blockSize: 28 }), poolObject("six", "fd00::/64")],
  nodes: [nodeObject("n1"), nodeObject("n2")],
  blocks: [
    blockObject("10.0.0.16/28", {
      node: "n1",
      holders: [
        { node: "n1", type: "vxlanTunnelAddress" },
        { pod: "shop/web", node: "n1" },
        { pod: "dev/lent", node: "n2" },
        { pod: "shop/gone", node: "n1" },
        { releasedAt: "2026-08-22T12:59:30Z" },
        { type: "LoadBalancer" },
        { handle: "windows-reserved-ipam-handle" },
        { node: "n1" },
      ],
    }),
    blockObject("fd00::40/122", { node: "n1", holders: [{ pod: "shop/web", node: "n1" }] }),
  ],
  pods: [
    podObject("shop/web", { ips: ["10.0.0.17", "fd00::40"] }),
    podObject("dev/lent", { ips: ["10.0.0.18"], node: "n2" }),
  ],
  reservations: [calicoObject("IPReservation", "r", { reservedCIDRs: ["10.0.0.14/31", "10.0.0.31/32"] })],
};

const decoded = (inventory: Inventory, cidr: string, pool = "p") =>
  decodeAddressMap(readPoolAddressMap(inventory, pool, cidr).body.buffer);

/** “10.0.0.17 is pod on n1 of shop”, by row. */
function words({ header, state, node, namespace }: AddressMap): string[] {
  return Array.from(state, (value, row) => {
    const bits = (Object.keys(addressBits) as (keyof typeof addressBits)[]).filter(
      (bit) => (value & addressBits[bit]) !== 0,
    );
    const names = [header.nodes[(node[row] ?? 0) - 1], header.namespaces[(namespace[row] ?? 0) - 1]];
    return [addressKind(value), ...bits, ...names.filter((name) => name !== undefined)].join(" ");
  });
}

test("each address of a block says what it is, who uses it and whose pod", () => {
  const map = decoded(inventoryOf(cluster), "10.0.0.16/28");
  expect(map.header).toMatchObject({ pool: "p", cidr: "10.0.0.16/28", count: 16 });
  expect(map.header.unknown).toBeUndefined();
  expect(words(map)).toEqual([
    "tunnel n1",
    "pod n1 shop",
    "pod borrowed n2 dev",
    "pod leak n1 shop",
    "cooling",
    "loadBalancer",
    "windows",
    "other n1",
    "free",
    "free",
    "free",
    "free",
    "free",
    "free",
    "free",
    "free reserved",
  ]);
});

test("a part may be more than a block or less, and need not begin where its CIDR does", () => {
  const inventory = inventoryOf(cluster);
  expect(words(decoded(inventory, "10.0.0.12/29"))).toEqual([
    ...Array.from({ length: 6 }, () => "unclaimed"),
    "unclaimed reserved",
    "unclaimed reserved",
  ]);
  expect(words(decoded(inventory, "10.0.0.17/32"))).toEqual(["pod n1 shop"]);
  const whole = words(decoded(inventory, "10.0.0.0/24"));
  expect(whole).toHaveLength(256);
  expect(whole[15]).toBe("unclaimed reserved");
  expect(whole[17]).toBe("pod n1 shop");
  expect(whole[32]).toBe("unclaimed");
  expect(words(decoded(inventory, "fd00::40/127", "six"))).toEqual(["pod n1 shop", "free"]);
});

test("a block that reaches out of the pool, and one inside another", () => {
  const inventory = inventoryOf({
    pools: [poolObject("p", "10.0.0.32/27")],
    blocks: [
      blockObject("10.0.0.0/26", {
        node: "n1",
        holders: Array.from({ length: 40 }, () => ({ pod: "a/wide", node: "n1" })),
      }),
      blockObject("10.0.0.32/30", { node: "n2", holders: [{ node: "n2", type: "ipipTunnelAddress" }] }),
    ],
    nodes: [nodeObject("n2")],
    pods: [podObject("a/wide", { node: null })],
  });
  expect(words(decoded(inventory, "10.0.0.32/27")).slice(0, 9)).toEqual([
    "tunnel n2",
    "free",
    "free",
    "free",
    "pod n1 a",
    "pod n1 a",
    "pod n1 a",
    "pod n1 a",
    "free",
  ]);
});

test.each([
  ["nonsense", /is not a CIDR/],
  ["10.0.0.16", /is not a CIDR/],
  ["10.0.1.0/28", /10\.0\.1\.0\/28 does not lie in 10\.0\.0\.0\/24/],
  ["10.0.0.0/23", /does not lie in/],
  ["fd00::/120", /does not lie in/],
])("%s is refused", (cidr, message) => {
  expect(() => decoded(inventoryOf(cluster), cidr)).toThrow(
    expect.objectContaining({
      status: 422,
      errors: [{ field: "addresses", message: expect.stringMatching(message) }],
    }),
  );
});

test("the largest part, and one that is larger", () => {
  const inventory = inventoryOf(cluster);
  expect(decoded(inventory, "fd00::/112", "six").state).toHaveLength(mostMapAddresses);
  expect(() => decoded(inventory, "fd00::/111", "six")).toThrow(/has more than 65,536 addresses/);
});

test("what is not known is told, and nothing is guessed", () => {
  const inventory = inventoryOf({ ...cluster, reservations: [], pods: [] });
  for (const kind of ["reservations", "pods"] as const) forbid(inventory, kind, { group: "", plural: kind });
  const map = decoded(inventory, "10.0.0.0/27");
  expect(map.header.unknown?.map(({ field, permission }) => [field, permission?.resource])).toEqual([
    ["state", "reservations"],
    ["state", "pods"],
  ]);
  expect(words(map).join()).not.toMatch(/leak|reserved/);
  forbid(inventory, "blocks", { group: "", plural: "blocks" });
  expect(() => decoded(inventory, "10.0.0.0/27")).toThrow(expect.objectContaining({ status: 403 }));
});

test("one part in two spellings is one answer, and stays it while only others change", () => {
  const inventory = inventoryOf(cluster);
  const before = readPoolAddressMap(inventory, "p", "10.0.0.16/28");
  expect(readPoolAddressMap(inventory, "p", "10.0.0.20/28")).toBe(before);
  inventory.changes.touch("namespaces");
  expect(readPoolAddressMap(inventory, "p", "10.0.0.16/28")).toBe(before);
});

test("nonsense is refused, not misread", () => {
  const { body } = readPoolAddressMap(inventoryOf(cluster), "p", "10.0.0.0/28");
  expect(() => decodeAddressMap(new ArrayBuffer(0))).toThrow(RangeError);
  expect(() => decodeAddressMap(body.slice(1).buffer)).toThrow(RangeError);
  expect(() => decodeAddressMap(body.slice(0, body.length - 8).buffer)).toThrow(RangeError);
});
