import { describe, expect, test } from "vitest";
import { Choice, ChoiceQuery } from "../../contract/choice.ts";
import {
  affinityObject,
  blockObject,
  calicoObject,
  forbid,
  handClock,
  inventoryOf,
  namespaceObject,
  nodeObject,
  poolObject,
  type RawCluster,
} from "../../inventory/testing.ts";
import { readChoice } from "./choose.ts";

const ready = calicoObject("ClusterInformation", "default", { datastoreReady: true });

function cluster(changes: RawCluster = {}, clock = handClock()) {
  return inventoryOf(
    {
      pools: [
        poolObject("external-pool", "10.64.0.0/29", { blockSize: 30 }),
        poolObject("internal-pool", "10.64.16.0/20"),
        poolObject("six", "fd00::/112"),
      ],
      blocks: [
        blockObject("10.64.0.0/30", { node: "n1", holders: [{ pod: "web/x", node: "n1" }], free: [3, 1, 2] }),
      ],
      affinities: [affinityObject("n1", "10.64.0.0/30")],
      clusterInformation: [ready],
      nodes: [nodeObject("n1"), nodeObject("n2")],
      namespaces: [
        namespaceObject("web", { "cni.projectcalico.org/ipv4pools": '["external-pool"]' }),
        namespaceObject("both", { "cni.projectcalico.org/ipFamilies": '["IPv6","IPv4"]' }),
        namespaceObject("plain"),
      ],
      ...changes,
    },
    { clock },
  );
}

const ask = (inventory: ReturnType<typeof cluster>, query: Record<string, string>) =>
  Choice.parse(readChoice(inventory, ChoiceQuery.parse({ namespace: "web", node: "n1", ...query })));

test("from the node's own block, the address at the head of its queue", () => {
  expect(ask(cluster(), {})).toEqual({
    family: 4,
    families: [4],
    namespace: "web",
    node: "n1",
    source: "namespace",
    asked: '["external-pool"]',
    pools: [
      { name: "external-pool", cidr: "10.64.0.0/29", eligible: true, reason: "It is asked for by name." },
      {
        name: "internal-pool",
        cidr: "10.64.16.0/20",
        eligible: false,
        reason: "Other pools are asked for by name.",
      },
    ],
    pool: "external-pool",
    block: "10.64.0.0/30",
    blockHow: "held",
    lender: null,
    ip: "10.64.0.3",
    error: null,
    failure: null,
  });
});

const lending = blockObject("10.64.0.0/30", { node: "n1", holders: [{ pod: "web/x", node: "n1" }] });
const busy = blockObject("10.64.0.4/30", {
  node: "n1",
  holders: Array.from({ length: 4 }, () => ({ pod: "web/y", node: "n1" })),
});
const config = (spec: object) => [
  calicoObject("IPAMConfig", "default", { strictAffinity: false, autoAllocateBlocks: true, ...spec }),
];

test.each<[string, RawCluster, Record<string, string>, Partial<Choice>]>([
  ["a new block", {}, { node: "n2" }, { block: "10.64.0.4/30", blockHow: "claimed", ip: "10.64.0.4" }],
  [
    "borrowed from n1",
    { blocks: [lending, busy], affinities: [affinityObject("n1", "10.64.0.0/30")] },
    { node: "n2" },
    { blockHow: "borrowed", lender: "n1", ip: "10.64.0.1" },
  ],
  [
    "the pod's own annotation",
    {},
    { ipv4pools: '["internal-pool"]' },
    { source: "pod", pool: "internal-pool" },
  ],
  ["an empty annotation is none", {}, { ipv4pools: "" }, { source: "namespace", pool: "external-pool" }],
  ["both families", {}, { namespace: "both" }, { family: 4, families: [4, 6], source: "automatic" }],
  ["IPv6 of both", {}, { namespace: "both", family: "6" }, { family: 6, pool: "six", error: null }],
  [
    "IPv6 that nobody asked for",
    {},
    { namespace: "plain", family: "6" },
    { family: 6, families: [4], pool: "six" },
  ],
  [
    "an error of IPv6 keeps the IPv4 address away",
    { pools: [poolObject("internal-pool", "10.64.16.0/20")] },
    { namespace: "both", family: "4" },
    { ip: null, error: "cannot find a qualified ippool" },
  ],
  [
    "a reserved address is jumped over",
    { reservations: [calicoObject("IPReservation", "r", { reservedCIDRs: ["10.64.0.3"] })] },
    {},
    { ip: "10.64.0.1" },
  ],
  [
    "no new blocks",
    { ipamConfig: config({ autoAllocateBlocks: false, strictAffinity: true }) },
    { node: "n2" },
    { error: "failed to find or claim a block", ip: null, block: null },
  ],
  [
    "a locked datastore",
    { clusterInformation: [calicoObject("ClusterInformation", "default", { datastoreReady: false })] },
    {},
    { error: "Calico is currently not ready to process requests", ip: null },
  ],
  [
    "no ClusterInformation",
    { clusterInformation: [] },
    {},
    {
      error:
        'error getting ClusterInformation: resource does not exist: ClusterInformation(default) with error: clusterinformations.crd.projectcalico.org "default" not found',
    },
  ],
])("%s", (_name, changes, query, expected) => {
  expect(ask(cluster(changes), query)).toMatchObject(expected);
});

test("an error comes with its cause and what helps", () => {
  const off = [
    poolObject("external-pool", "10.64.0.0/20", { disabled: true }),
    poolObject("z", "10.9.0.0/20"),
  ];
  const { error, failure, pools } = ask(cluster({ pools: off }), {});
  expect(error).toBe("the given pool (10.64.0.0/20) does not exist, or is not enabled");
  expect(failure).toMatchObject({
    code: "pool-disabled",
    cause: expect.stringContaining("web names only that pool"),
  });
  expect(failure?.fixes[0]).toMatchObject({ label: "Enable external-pool", href: "/pools/external-pool" });
  expect(pools.map(({ name, eligible }) => [name, eligible])).toEqual([
    ["external-pool", false],
    ["z", false],
  ]);
  const own = ask(cluster({ pools: off }), { namespace: "plain", ipv4pools: '["external-pool"]' });
  expect(own.failure?.cause).toContain("the pod names only that pool");
});

test("a cooling address comes back when its time is over", () => {
  const clock = handClock();
  const cooling = blockObject("10.64.0.0/30", {
    node: "n1",
    holders: [
      { releasedAt: "2026-08-22T13:00:00Z" },
      { pod: "web/a", node: "n1" },
      { pod: "web/b", node: "n1" },
      { pod: "web/c", node: "n1" },
    ],
  });
  const inventory = cluster({ blocks: [cooling], ipamConfig: config({ ipCooldownSeconds: 60 }) }, clock);
  expect(ask(inventory, {})).toMatchObject({ blockHow: "claimed", ip: "10.64.0.4" });
  clock.pass(61_000);
  expect(ask(inventory, {})).toMatchObject({ blockHow: "held", ip: "10.64.0.0" });
});

test("blocks of one address are taken at random: nobody can say which", () => {
  const pools = [poolObject("external-pool", "10.64.0.0/28", { blockSize: 32 })];
  const choice = ask(cluster({ pools, blocks: [], affinities: [] }), {});
  expect(choice).toMatchObject({
    pool: "external-pool",
    blockHow: "claimed",
    block: null,
    ip: null,
    error: null,
  });
  expect(choice.unknown?.map(({ field }) => field)).toEqual(["block", "ip"]);
});

describe("what may not be read", () => {
  const group = "crd.projectcalico.org";
  test.each([
    ["blocks", { group, plural: "ipamblocks" }],
    ["affinities", { group, plural: "blockaffinities" }],
    ["reservations", { group, plural: "ipreservations" }],
    ["ipamConfig", { group, plural: "ipamconfigs" }],
  ] as const)("without %s the address is unknown, the pools are told", (kind, of) => {
    const inventory = cluster();
    forbid(inventory, kind, of);
    const choice = ask(inventory, {});
    expect(choice).toMatchObject({ pool: null, block: null, ip: null, error: null, failure: null });
    expect(choice.pools[0]).toMatchObject({ name: "external-pool", eligible: true });
    expect(choice.unknown?.find(({ field }) => field === "ip")?.permission).toMatchObject({
      resource: of.plural,
    });
    expect(ask(inventory, { ipv4pools: '["nope"]' }).error).toMatch(/^error parsing pool/);
  });

  test.each([
    ["pools", { group, plural: "ippools" }],
    ["namespaces", { group: "", plural: "namespaces" }],
    ["nodes", { group: "", plural: "nodes" }],
  ] as const)("without %s there is no answer", (kind, of) => {
    const inventory = cluster();
    forbid(inventory, kind, of);
    expect(() => ask(inventory, {})).toThrow(expect.objectContaining({ status: 403, code: "forbidden" }));
  });

  test("without the CNI configuration only what an annotation decides is known", () => {
    const inventory = cluster();
    const { detection } = inventory;
    if (detection) inventory.setDetection({ ...detection, cniPools: null });
    expect(ask(inventory, {})).toMatchObject({ source: "namespace", ip: "10.64.0.3" });
    const open = ask(inventory, { namespace: "plain" });
    expect(open).toMatchObject({ source: null, ip: null, block: null, error: null });
    expect(open.unknown?.[0]).toMatchObject({ field: "source", permission: { resource: "configmaps" } });
  });
});

test.each([
  [{ namespace: "gone" }, "namespace named gone"],
  [{ node: "gone" }, "node named gone"],
  [{ namespace: "constructor" }, "namespace named constructor"],
])("%j is not there", (query, words) => {
  expect(() => ask(cluster(), query)).toThrow(
    expect.objectContaining({ status: 404, detail: expect.stringContaining(words) }),
  );
});

test.each([
  { family: "5" },
  { namespace: "../x" },
  { node: "" },
  { ipv4pools: "x".repeat(5000) },
  { what: "x" },
])("%j is refused", (query) => {
  expect(ChoiceQuery.safeParse({ namespace: "web", node: "n1", ...query }).success).toBe(false);
});
