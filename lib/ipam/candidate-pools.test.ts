import { describe, expect, test } from "vitest";
import { candidatePools, explainPools, type PoolRequest } from "./candidate-pools.ts";
import { parseCidr } from "./cidr.ts";
import type { Pool } from "./pool.ts";
import { readPool } from "../recordings/stored.ts";

const cidr = (text: string) => parseCidr(text).cidr;
const condition = { status: "False" as const, reason: "CIDROverlap", message: "CIDR overlaps another pool" };
const pools: readonly Pool[] = [
  readPool("z-plain", { cidr: "10.1.0.0/16" }),
  readPool("a-manual", { cidr: "10.2.0.0/16", assignmentMode: "Manual" }),
  readPool("b-zone", { cidr: "10.3.0.0/16", nodeSelector: "zone == 'b'" }),
  readPool("c-team", { cidr: "10.4.0.0/16", namespaceSelector: "team == 'web'" }),
  readPool("d-tunnel", { cidr: "10.5.0.0/16", allowedUses: ["Tunnel"] }),
  readPool("e-off", { cidr: "10.6.0.0/16", disabled: true }),
  { ...readPool("f-going", { cidr: "10.7.0.0/16" }), deleting: true },
  { ...readPool("g-overlap", { cidr: "10.8.0.0/16" }), allocatable: condition },
  readPool("h-small", { cidr: "10.9.0.0/24", blockSize: 30 }),
  readPool("six", { cidr: "fd00::/64" }),
];

function request(change: Partial<PoolRequest> = {}): PoolRequest {
  const node = { name: "worker-49", labels: { zone: "a" } };
  return { pools, family: 4, requested: [], use: "Workload", node, namespaceLabels: {}, ...change };
}

const names = (change: Partial<PoolRequest>) => {
  const found = candidatePools(request(change));
  return found.ok ? found.pools.map((pool) => pool.name).join(" ") : found.error;
};

const off = pools.filter((pool) => pool.name === "e-off");
const manual = pools.filter((pool) => pool.name === "a-manual");
const tunnel = pools.filter((pool) => pool.name === "d-tunnel");
const broken = [readPool("broken", { cidr: "10.1.0.0/16", nodeSelector: "zone = 'a'" })];

describe("candidate pools", () => {
  test.each<[string, Partial<PoolRequest>, string]>([
    ["by name, where selectors match", {}, "h-small z-plain"],
    ["of the node's zone", { node: { name: "n", labels: { zone: "b" } } }, "b-zone h-small z-plain"],
    ["of the namespace's team", { namespaceLabels: { team: "web" } }, "c-team h-small z-plain"],
    ["without a namespace", { namespaceLabels: null }, "h-small z-plain"],
    ["for tunnels", { use: "Tunnel" }, "d-tunnel h-small z-plain"],
    ["of IPv6", { family: 6 }, "six"],
    ["for a Windows node, selectors alone decide", { windows: true }, "h-small z-plain"],
    [
      "for a Windows node, small blocks asked for",
      { windows: true, requested: [cidr("10.9.0.0/24")] },
      "the given pool (10.9.0.0/24) does not exist, or is not enabled",
    ],
    [
      "asked for, in that order, selectors and mode ignored",
      { requested: ["10.4.0.0/16", "10.2.0.0/16", "10.3.0.0/16"].map(cidr) },
      "c-team a-manual b-zone",
    ],
    [
      "asked for but disabled",
      { requested: [cidr("10.6.0.0/16")] },
      "the given pool (10.6.0.0/16) does not exist, or is not enabled",
    ],
    [
      "asked for but going",
      { requested: [cidr("10.7.0.0/16")] },
      "the given pool (10.7.0.0/16) does not exist, or is not enabled",
    ],
    [
      "part of a pool",
      { requested: [cidr("10.1.0.0/24")] },
      "the given pool (10.1.0.0/24) does not exist, or is not enabled",
    ],
    [
      "asked for but for another use",
      { requested: [cidr("10.5.0.0/16")] },
      "cannot find a qualified ippool, no pools match the required use (Workload)",
    ],
    [
      "none enabled, though one is asked for",
      { pools: off, requested: [cidr("10.6.0.0/16")] },
      "cannot find a qualified ippool",
    ],
    ["none of the family", { pools: [], family: 6 }, "cannot find a qualified ippool"],
    ["only manual ones", { pools: manual }, "no configured Calico pools for node worker-49"],
    [
      "only tunnel ones",
      { pools: tunnel },
      "cannot find a qualified ippool, no pools match the required use (Workload)",
    ],
    [
      "IPv6 in the IPv4 list",
      { requested: [cidr("fd00::/64")] },
      "provided IPv4 IPPools list contains one or more IPv6 IPPools",
    ],
    [
      "IPv4 in the IPv6 list",
      { family: 6, requested: [cidr("10.1.0.0/16")] },
      "provided IPv6 IPPools list contains one or more IPv4 IPPools",
    ],
    ["one unreadable selector fails all", { pools: [...pools, ...broken] }, "expected =="],
  ])("%s", (_, change, expected) => {
    expect(names(change)).toBe(expected);
  });
});

describe("explained", () => {
  const reasons = (change: Partial<PoolRequest>) =>
    explainPools(request(change)).map((verdict) => `${verdict.pool.name} ${verdict.reason}`);

  test("every pool of the family has a reason, eligible ones first", () => {
    expect(reasons({})).toEqual([
      "h-small eligible",
      "z-plain eligible",
      "a-manual manual",
      "b-zone nodeSelector",
      "c-team namespaceSelector",
      "d-tunnel use",
      "e-off disabled",
      "f-going terminating",
      "g-overlap notAllocatable",
    ]);
  });

  test("pools asked for come in that order", () => {
    const requested = ["10.3.0.0/16", "10.6.0.0/16", "10.2.0.0/16"].map(cidr);
    const verdicts = reasons({ requested });
    expect(verdicts.slice(0, 2)).toEqual(["b-zone eligible", "a-manual eligible"]);
    expect(verdicts).toContain("e-off disabled");
    expect(verdicts).toContain("z-plain notRequested");
  });

  test("an unreadable selector and blocks too small are told of", () => {
    expect(reasons({ pools: broken })).toEqual(["broken badSelector"]);
    expect(reasons({ windows: true, requested: [cidr("10.9.0.0/24")] })).toContain("h-small blocksTooSmall");
  });

  test("whoever is eligible is a candidate and the other way round", () => {
    for (const change of [
      {},
      { use: "Tunnel" as const },
      { requested: [cidr("10.2.0.0/16")] },
      { windows: true },
    ]) {
      const eligible = explainPools(request(change)).filter((verdict) => verdict.eligible);
      expect(eligible.map((verdict) => verdict.pool.name).join(" ")).toBe(names(change));
    }
  });
});
