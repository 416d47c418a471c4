import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";
import { blockLimit, planAutoAssign } from "./auto-assign.ts";
import { addressesOfHandle } from "./block-release.ts";
import { formatCidr, parseCidr } from "./cidr.ts";
import { planCniAdd } from "./cni-add.ts";
import { defaultIpamConfig } from "./ipam-draft.ts";
import { planReleasePoolAffinities } from "./pool-delete.ts";
import { planCniDel } from "./release.ts";
import { readPool } from "./recordings/stored.ts";
import { StoredObjects } from "./recordings/stored-objects.ts";
import type { IpamConfig, IpamSnapshot, IpamWrite } from "./snapshot.ts";

const SECOND = 1_000_000_000n;
const START = 1_787_400_005_123_456_789n;
const cidr = (text: string) => parseCidr(text).cidr;
const empty = (...pools: IpamSnapshot["pools"]): IpamSnapshot => ({
  pools,
  blocks: new Map(),
  affinities: [],
  handles: new Map(),
  config: null,
  reservations: [],
});

function add(
  snapshot: IpamSnapshot,
  node: string,
  pod: string,
  change: Partial<Parameters<typeof planCniAdd>[1]> = {},
) {
  return planCniAdd(snapshot, {
    node,
    nodeLabels: () => ({}),
    namespace: "shop",
    namespaceLabels: {},
    pod,
    handle: `k8s-pod-network.${pod}`,
    pools4: [],
    pools6: [],
    families: [4],
    exactIp: null,
    now: START,
    ...change,
  });
}

const spell = (write: IpamWrite) => {
  if (write.kind === "affinity") return `${write.op} affinity ${write.affinity.state}`;
  return write.kind === "block" ? `${write.op} block` : `${write.op} handle`;
};

describe("the first pod of a node", () => {
  const plan = add(empty(readPool("default", { cidr: "10.64.0.0/20" })), "worker-49", "web-0");

  test("gets the first address of the block where its node starts", () => {
    expect(plan.error).toBeNull();
    expect(plan.ips.map(formatAddress)).toEqual(["10.64.0.64"]);
  });

  test("makes Calico's calls in Calico's order", () => {
    expect(plan.writes.map(spell)).toEqual([
      "create affinity pending",
      "update affinity pending",
      "create block",
      "update affinity confirmed",
      "create handle",
      "update block",
    ]);
  });

  test("leaves the owner's keys with the address", () => {
    expect(plan.after.blocks.get("10.64.0.64/26")?.attributes).toEqual([
      {
        handle: "k8s-pod-network.web-0",
        owner: {
          namespace: "shop",
          node: "worker-49",
          pod: "web-0",
          timestamp: "2026-08-22 12:00:05.123456789 +0000 UTC",
        },
        alternateOwner: null,
        releasedAt: null,
      },
    ]);
  });
});

test("three nodes in four blocks, then a borrower (the small scenario of the reference)", () => {
  let snapshot = empty(readPool("p", { cidr: "10.64.0.0/24" }));
  const next = (node: string, pod: string) => {
    const plan = add(snapshot, node, pod);
    snapshot = plan.after;
    return plan.ips.map(formatAddress).join() || plan.error;
  };
  expect(next("node-a", "a")).toBe("10.64.0.128");
  expect(next("node-b", "b")).toBe("10.64.0.64");
  expect(next("node-c", "c")).toBe("10.64.0.192");
  for (let at = 1; at < 64; at++) next("node-b", `b${at}`);
  expect(next("node-b", "second block")).toBe("10.64.0.0");
  for (let at = 1; at < 64; at++) next("node-a", `a${at}`);
  expect(next("node-a", "borrowed")).toBe("10.64.0.193");
});

test.each([
  [0, 0, 20],
  [0, 1, 1],
  [5, 0, 5],
  [5, 1, 1],
  [1, 5, 1],
])("block limit: configured %d, requested %d gives %d", (configured, requested, limit) => {
  expect(blockLimit(configured, requested)).toBe(limit);
});

describe("odd states", () => {
  const pool = readPool("p", { cidr: "10.64.0.0/24" });

  test("a node that does not exist", () => {
    expect(add(empty(pool), "ghost", "web-0", { nodeLabels: () => null }).error).toBe(
      'resource does not exist: Node(ghost) with error: nodes "ghost" not found',
    );
  });

  test("a claim without its block creates it, a claim on someone else's block is dropped", () => {
    const row = (text: string) => ({
      owner: { type: "host" as const, name: "node-b" },
      cidr: cidr(text),
      state: "confirmed" as const,
      deleted: false,
      revision: "7",
    });
    const theirs = add(empty(pool), "node-a", "theirs").after;
    const snapshot = {
      ...theirs,
      affinities: [...theirs.affinities, row("10.64.0.64/26"), row("10.64.0.128/26")],
    };
    const plan = add(snapshot, "node-b", "web-0");
    expect(plan.ips.map(formatAddress)).toEqual(["10.64.0.64"]);
    expect(plan.writes.slice(0, 3).map(spell)).toEqual([
      "delete affinity confirmed",
      "update affinity pending",
      "create block",
    ]);
    expect(
      plan.after.affinities.map((one) => `${one.owner.name} ${formatCidr(one.cidr)} ${one.state}`).sort(),
    ).toEqual(["node-a 10.64.0.128/26 confirmed", "node-b 10.64.0.64/26 confirmed"]);
  });

  test("a half-deleted block is deleted, then made anew", () => {
    const before = add(empty(pool), "node-a", "web-0").after;
    const blocks = new Map(
      [...before.blocks].map(([key, block]) => [key, { ...block, deleted: true, revision: "9" }]),
    );
    const plan = add({ ...before, blocks }, "node-a", "web-1");
    expect(plan.writes.slice(0, 3).map(spell)).toEqual([
      "delete block",
      "update affinity pending",
      "create block",
    ]);
    expect(plan.ips.map(formatAddress)).toEqual(["10.64.0.128"]);
  });

  test("an IPv6 pool that is reserved but for its last block is searched at once", () => {
    const reservations = Array.from({ length: 58 }, (_, at) => {
      const base = (1n << 128n) - (1n << BigInt(64 - at));
      return { name: `r${at}`, cidrs: [{ family: 6 as const, base, prefix: 65 + at }] };
    });
    const wide = readPool("six", { cidr: "ffff:ffff:ffff:ffff::/64" });
    const plan = add({ ...empty(wide), reservations }, "node-a", "web-0", { families: [6] });
    expect(plan.ips.map(formatAddress)).toEqual(["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffc0"]);
  });

  test("an IPv6 pool reserved as a whole is found exhausted at once", () => {
    const wide = readPool("six", { cidr: "fd00::/64" });
    const snapshot = { ...empty(wide), reservations: [{ name: "all", cidrs: [cidr("fd00::/48")] }] };
    expect(add(snapshot, "node-a", "web-0", { families: [6] }).error).toBe(
      "failed to request IPv6 addresses: Assigned 0 out of 1 requested IPv6 addresses; No IPs available in pools: [fd00::/64]",
    );
  });

  test("Windows: small blocks do not qualify, affinity must be strict, the shortfall names the reservation", () => {
    const windows = { windows: true };
    const small = empty(readPool("small", { cidr: "10.64.0.0/26", blockSize: 30 }));
    expect(add(small, "win", "web-0", windows).error).toBe("cannot find a qualified ippool");
    expect(add(empty(pool), "win", "web-0", windows).error).toBe(
      "global strict affinity should not be false for Windows node",
    );
    const config = { ...defaultIpamConfig, strictAffinity: true };
    const first = add(
      { ...empty(readPool("p", { cidr: "10.64.0.0/29", blockSize: 29 })), config },
      "win",
      "web-0",
      windows,
    );
    expect(first.ips.map(formatAddress)).toEqual(["10.64.0.3"]);
    expect(add(first.after, "other", "web-1", windows).error).toBe(
      "failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; " +
        "No more free affine blocks and strict affinity enabled; HostReservedAttr: windows-reserved-ipam-handle",
    );
  });

  test("several addresses at once span blocks and share an entry per block", () => {
    const snapshot = empty(readPool("p", { cidr: "10.64.0.0/28", blockSize: 30 }));
    const plan = planAutoAssign(snapshot, {
      family: 4,
      count: 6,
      requestedPools: [],
      node: "node-a",
      nodeLabels: () => ({}),
      namespaceLabels: null,
      use: "Tunnel",
      handle: "h",
      attributes: { node: "node-a" },
      now: START,
    });
    expect(plan.ips.map(formatAddress)).toHaveLength(6);
    expect([...(plan.after.handles.get("h")?.blocks.values() ?? [])]).toEqual([4, 2]);
    expect([...plan.after.blocks.values()].map((block) => block.attributes.length)).toEqual([1, 1]);
  });
});

describe("dual stack", () => {
  const pools = [
    readPool("four", { cidr: "10.64.0.0/30", blockSize: 30 }),
    readPool("six", { cidr: "fd00::/126", blockSize: 126 }),
  ];

  test("a shortfall of IPv6 gives the IPv4 address back", () => {
    const reservations = [{ name: "all6", cidrs: [cidr("fd00::/120")] }];
    const plan = add({ ...empty(...pools), reservations }, "node-a", "web-0", { families: [4, 6] });
    expect(plan.error).toBe(
      "failed to request IPv6 addresses: Assigned 0 out of 1 requested IPv6 addresses; No IPs available in pools: [fd00::/126]",
    );
    expect(plan.ips).toEqual([]);
    expect(plan.after.blocks.get("10.64.0.0/30")?.queue).toEqual([1, 2, 3, 0]);
    expect(plan.after.handles.size).toBe(0);
  });

  test("an error of IPv6 leaves the IPv4 address to the DEL", () => {
    const plan = add(empty(...pools.slice(0, 1)), "node-a", "web-0", { families: [4, 6] });
    expect(plan.error).toBe("cannot find a qualified ippool");
    expect(plan.after.handles.size).toBe(1);
    const deleted = planCniDel(
      plan.after,
      { handle: "k8s-pod-network.web-0", namespace: "shop", pod: "web-0" },
      { now: START + SECOND, nodeLabels: () => ({}) },
    );
    expect(deleted.after.handles.size).toBe(0);
  });
});

describe("whatever a cluster does", () => {
  const nodes = ["node-a", "node-b", "node-c"];
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("add" as const),
        node: fc.constantFrom(...nodes),
        six: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("del" as const), which: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("exact" as const),
        node: fc.constantFrom(...nodes),
        offset: fc.integer({ min: 0, max: 31 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 90 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("relabel" as const),
        node: fc.constantFrom(...nodes),
        zone: fc.constantFrom("a", "b"),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("toggle" as const), pool: fc.constantFrom(0, 1, 2) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("config" as const),
        strict: fc.boolean(),
        cooldown: fc.constantFrom(0, 30),
        limit: fc.constantFrom(0, 1),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("reserve" as const), prefix: fc.integer({ min: 28, max: 32 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("forget" as const), pool: fc.constantFrom(0, 1, 2) }),
    },
  );

  test("writes are accepted, the plan's outcome is what is stored, no address is used twice, handles count right", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (script) => {
        const store = new StoredObjects();
        const zones = new Map<string, string>();
        const pools = [
          readPool("one", { cidr: "10.64.0.0/27", blockSize: 29 }),
          readPool("two", { cidr: "10.64.1.0/28", blockSize: 30, nodeSelector: "zone != 'b'" }),
          readPool("six", { cidr: "fd00::/124", blockSize: 126 }),
        ];
        let config: IpamConfig | null = null;
        let reservations: IpamSnapshot["reservations"] = [];
        let now = START;
        const held = new Map<string, string[]>();
        const nodeLabels = (node: string) => ({ zone: zones.get(node) ?? "a" });
        const settle = (plan: ReturnType<typeof planCniDel>) => {
          store.apply(plan);
          const stored = store.read({ pools, config, reservations });
          expect(contents(stored)).toEqual(contents(plan.after));
        };

        script.forEach((one, at) => {
          now += SECOND;
          const snapshot = store.read({ pools, config, reservations });
          if (one.do === "wait") now += BigInt(one.seconds) * SECOND;
          if (one.do === "relabel") zones.set(one.node, one.zone);
          if (one.do === "reserve") reservations = [{ name: "r", cidrs: [cidr(`10.64.0.0/${one.prefix}`)] }];
          if (one.do === "config") {
            const maxBlocksPerHost = one.limit;
            config = {
              ...defaultIpamConfig,
              strictAffinity: one.strict,
              ipCooldownSeconds: one.cooldown,
              maxBlocksPerHost,
            };
          }
          if (one.do === "toggle" || one.do === "forget") {
            const pool = pools[one.pool];
            if (pool === undefined) return;
            if (one.do === "toggle") pools[one.pool] = { ...pool, disabled: !pool.disabled };
            else settle(planReleasePoolAffinities(snapshot, pool.cidr, now));
          }
          if (one.do === "add" || one.do === "exact") {
            const families = one.do === "add" && one.six ? ([4, 6] as const) : ([4] as const);
            const exactIp = one.do === "exact" ? parseAddress(`10.64.0.${one.offset}`) : null;
            const plan = add(snapshot, one.node, `p${at}`, { nodeLabels, families, exactIp, now });
            settle(plan);
            if (plan.error === null) held.set(`p${at}`, plan.ips.map(formatAddress));
            else expect(plan.ips).toEqual([]);
          }
          if (one.do === "del" && held.size > 0) {
            const pod = [...held.keys()][one.which % held.size] ?? "";
            settle(
              planCniDel(
                snapshot,
                { handle: `k8s-pod-network.${pod}`, namespace: "shop", pod },
                { now, nodeLabels },
              ),
            );
            held.delete(pod);
          }
          const stored = store.read({ pools, config, reservations });
          const owned = [...held.values()].flat();
          expect(new Set(owned).size).toBe(owned.length);
          for (const [pod, ips] of held) {
            const handle = `k8s-pod-network.${pod}`;
            const found = [...stored.blocks.values()].flatMap((block) => addressesOfHandle(block, handle));
            expect(found.map(formatAddress).sort()).toEqual(ips.toSorted());
            const counted = [...(stored.handles.get(handle)?.blocks.values() ?? [])].reduce(
              (sum, count) => sum + count,
              0,
            );
            expect(counted).toBe(ips.length);
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});

function contents({ blocks, affinities, handles }: IpamSnapshot) {
  const plain = <T extends object>(object: T) => ({ ...object, revision: null });
  const sorted = (rows: readonly IpamSnapshot["affinities"][number][]) =>
    rows.map((row) => [`${row.owner.name} ${formatCidr(row.cidr)}`, plain(row)] as const);
  return {
    blocks: new Map([...blocks].map(([key, block]) => [key, plain(block)])),
    affinities: new Map(sorted(affinities)),
    handles: new Map([...handles].map(([key, handle]) => [key, plain(handle)])),
  };
}
