import { expect, test } from "vitest";
import { AddressList } from "../../contract/addresses.ts";
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
import { readAddress } from "./address.ts";
import { listAddresses } from "./addresses.ts";

const long = "2026-08-22 11:00:00.5 +0000 UTC";

function cluster(options = {}) {
  return inventoryOf(
    {
      pools: [
        poolObject("p", "10.0.0.0/24", { blockSize: 28 }),
        poolObject("six", "fd00::/64"),
        poolObject("off", "10.9.0.0/24", { disabled: true }),
      ],
      reservations: [
        calicoObject("IPReservation", "gateways", { reservedCIDRs: ["10.0.0.24/30", "10.0.0.128/25"] }),
      ],
      nodes: [
        nodeObject("n1", {}, { "projectcalico.org/IPv4VXLANTunnelAddr": "10.0.0.16" }),
        nodeObject("n2"),
      ],
      affinities: [affinityObject("n1", "10.0.0.16/28")],
      blocks: [
        blockObject("10.0.0.16/28", {
          node: "n1",
          holders: [
            { node: "n1", type: "vxlanTunnelAddress", handle: "vxlan-tunnel-addr-n1" },
            { pod: "shop/web-0", node: "n1", since: long },
            { pod: "shop/web-1", node: "n2", since: long },
            { releasedAt: "2026-08-22T12:59:30Z" },
            { pod: "shop/gone", node: "n1", since: long },
            { pod: "shop/done", node: "n1", since: long },
          ],
        }),
        blockObject("10.7.0.0/28", { holders: [{ pod: "old/orphan", node: "n2", since: long }] }),
        blockObject("fd00::40/122", {
          node: "n1",
          holders: [{ pod: "shop/web-0", node: "n1", since: long }],
        }),
      ],
      pods: [
        podObject("shop/web-0", { ips: ["10.0.0.17", "fd00::40"] }),
        podObject("shop/web-1", { ips: ["10.0.0.18"], node: "n2" }),
        podObject("shop/done", { ips: ["10.0.0.21"], phase: "Succeeded" }),
        podObject("old/orphan", { ips: ["10.7.0.0"], node: "n2" }),
        podObject("kube-system/proxy", { ips: ["172.18.0.2"], spec: { hostNetwork: true } }),
        podObject("other/cni", { ips: ["192.168.7.7"] }),
      ],
    },
    options,
  );
}

const rows = async (query: Parameters<typeof listAddresses>[1]) =>
  (AddressList.parse(await listAddresses(cluster(), query)).items ?? []).map(({ ip, lastIp, state, kind }) =>
    [ip, lastIp, state, kind].join(" "),
  );

test("one row an address, one row a run", async () => {
  expect(await rows({ pool: "p" })).toEqual([
    "10.0.0.0 10.0.0.15 unclaimed ",
    "10.0.0.16  used tunnel",
    "10.0.0.17  used pod",
    "10.0.0.18  used pod",
    "10.0.0.19  cooling ",
    "10.0.0.20  used pod",
    "10.0.0.21  used pod",
    "10.0.0.22 10.0.0.23 free ",
    "10.0.0.24  reserved ",
    "10.0.0.25  reserved ",
    "10.0.0.26  reserved ",
    "10.0.0.27  reserved ",
    "10.0.0.28 10.0.0.31 free ",
    "10.0.0.32 10.0.0.127 unclaimed ",
    "10.0.0.128 10.0.0.255 unclaimed ",
  ]);
});

test("an IPv6 pool is a handful of rows", async () => {
  expect(await rows({ pool: "six" })).toEqual([
    "fd00:: fd00::3f unclaimed ",
    "fd00::40  used pod",
    "fd00::41 fd00::7f free ",
    "fd00::80 fd00::ffff:ffff:ffff:ffff unclaimed ",
  ]);
});

test.each([
  [
    { block: "10-0-0-16-28", state: "free" as const },
    ["10.0.0.22 10.0.0.23 free ", "10.0.0.28 10.0.0.31 free "],
  ],
  [
    { namespace: "shop" },
    [
      "10.0.0.17  used pod",
      "10.0.0.18  used pod",
      "10.0.0.20  used pod",
      "10.0.0.21  used pod",
      "fd00::40  used pod",
    ],
  ],
  [{ node: "n2" }, ["10.0.0.18  used pod", "10.7.0.0  used pod"]],
  [{ kind: "tunnel" as const }, ["10.0.0.16  used tunnel"]],
  [{ state: "cooling" as const }, ["10.0.0.19  cooling "]],
  [{ q: "web-1" }, ["10.0.0.18  used pod"]],
  [{ q: "10.0.0.29" }, ["10.0.0.28 10.0.0.31 free "]],
  [{ q: "10.0.0.77" }, ["10.0.0.32 10.0.0.127 unclaimed "]],
  [{ q: "fd00::1234" }, ["fd00::80 fd00::ffff:ffff:ffff:ffff unclaimed "]],
  [{ pool: "nowhere" }, []],
  [{ namespace: "constructor" }, []],
  [{ pool: "p", block: "10-7-0-0-28" }, []],
  [
    { pool: "p", sort: "-ip", limit: 2 },
    ["10.0.0.128 10.0.0.255 unclaimed ", "10.0.0.32 10.0.0.127 unclaimed "],
  ],
  [{ namespace: "shop", sort: "owner", limit: 2 }, ["10.0.0.21  used pod", "10.0.0.20  used pod"]],
])("asked for %o", async (query, expected) => {
  expect(await rows(query)).toEqual(expected);
});

test("reserved stretches that nobody has claimed name their reservation", async () => {
  const answer = AddressList.parse(await listAddresses(cluster(), { pool: "p", state: "unclaimed" }));
  expect(answer.items?.map((row) => row.reservedBy)).toEqual([[], [], ["gateways"]]);
});

test.each([
  [
    "10.0.0.17",
    {
      state: "used",
      borrowed: false,
      leakCandidate: false,
      outside: false,
      pool: "p",
      since: "2026-08-22T11:00:00.500Z",
    },
    /used by pod shop\/web-0 on node n1/,
  ],
  ["10.0.0.18", { state: "used", borrowed: true, leakCandidate: false }, /n2 borrowed it from a block of n1/],
  [
    "10.0.0.16",
    { kind: "tunnel", handle: "vxlan-tunnel-addr-n1", leakCandidate: false },
    /tunnel address of node n1/,
  ],
  [
    "10.0.0.19",
    { state: "cooling", kind: null, owner: null, since: "2026-08-22T12:59:30.000Z" },
    /released at .* cools down/,
  ],
  ["10.0.0.20", { state: "used", leakCandidate: true }, /may be a leak/],
  ["10.0.0.21", { state: "used", leakCandidate: true }, /may be a leak/],
  [
    "10.0.0.22",
    { state: "free", lastIp: null, block: "10-0-0-16-28" },
    /free in block 10-0-0-16-28, which n1 owns/,
  ],
  ["10.0.0.25", { state: "reserved", reservedBy: ["gateways"] }, /reserved.*gateways/],
  ["10.0.0.129", { state: "reserved", block: null, outside: false }, /reserved and in no block/],
  ["10.0.0.77", { state: "unclaimed", block: null, pool: "p", outside: false }, /in no block yet/],
  [
    "10.7.0.0",
    { state: "used", pool: null, borrowed: true, outside: true },
    /block that nobody owns.*Its block lies in no pool/,
  ],
  ["10.9.0.5", { state: "unclaimed", pool: "off" }, /off, which is disabled/],
  [
    "172.18.0.2",
    { state: "unclaimed", pool: null, outside: true },
    /in no pool. It is the address of node n1/,
  ],
  ["192.168.7.7", { outside: true }, /pod other\/cni has it: Calico IPAM did not give it/],
  ["8.8.8.8", { outside: true, reservedBy: [] }, /in no pool: Calico does not hand it out/],
  ["fd00::40", { state: "used", pool: "six" }, /pod shop\/web-0/],
  ["fd00:0:0::40", { ip: "fd00::40", state: "used" }, /pod shop\/web-0/],
])("%s", (ip, expected, words) => {
  const address = readAddress(cluster(), ip);
  expect(address).toMatchObject(expected);
  expect(address.explanation).toMatch(words);
});

test.each(["", "10.0.0", "10.0.0.256", "010.0.0.1", "fe80::1%eth0", "x", "10.0.0.1/32"])(
  "%o is no address",
  (ip) => {
    expect(() => readAddress(cluster(), ip)).toThrow(
      expect.objectContaining({ name: "ReadError", status: 400 }),
    );
  },
);

test("a pod that just left, or an address just given, is no leak yet", () => {
  const clock = handClock();
  const inventory = cluster({ clock });
  event(inventory, "pods", "DELETED", podObject("shop/web-0"));
  expect(readAddress(inventory, "10.0.0.17").leakCandidate).toBe(false);
  clock.pass(29_000);
  expect(readAddress(inventory, "10.0.0.17").leakCandidate).toBe(false);
  clock.pass(1_000);
  expect(readAddress(inventory, "10.0.0.17").leakCandidate).toBe(true);
  event(
    inventory,
    "blocks",
    "MODIFIED",
    blockObject("10.0.0.16/28", {
      node: "n1",
      holders: [{ pod: "shop/new", node: "n1", since: "2026-08-22 13:00:15 +0000 UTC" }],
    }),
  );
  expect(readAddress(inventory, "10.0.0.16").leakCandidate).toBe(false);
  clock.pass(15_000);
  expect(readAddress(inventory, "10.0.0.16").leakCandidate).toBe(true);
});

test("a tunnel address of a node that is gone is a candidate", () => {
  const inventory = cluster();
  event(inventory, "nodes", "DELETED", nodeObject("n1"));
  expect(readAddress(inventory, "10.0.0.16")).toMatchObject({ kind: "tunnel", leakCandidate: true });
});

test("blocks that begin at the same address come by name, whichever was read first", async () => {
  const blocks = [blockObject("10.4.0.0/28", { node: "n1" }), blockObject("10.4.0.0/27", { node: "n1" })];
  const listed = async (order: readonly (typeof blocks)[number][]) => {
    const { items } = await listAddresses(inventoryOf({ blocks: order }), {});
    return (items ?? []).map(({ block, ip, lastIp }) => `${block} ${ip} ${lastIp}`);
  };
  expect(await listed(blocks)).toEqual(await listed(blocks.toReversed()));
});
