import { describe, expect, test } from "vitest";
import type { ImpactAction, ImpactInput } from "./impact.ts";
import {
  external,
  impact,
  internal,
  know,
  lines,
  missing,
  namespace,
  node,
  standard,
  tunnel,
} from "./impact-testing.ts";
import type { AllocatableCondition } from "./pool.ts";
import { testPool } from "./testing.ts";

const GIVEN = "the given pool (10.64.0.0/20) does not exist, or is not enabled";

test("disabling a pool that three namespaces name", () => {
  const changes: Partial<ImpactInput> = {
    namespaces: know([
      namespace("external-ns", '["external-pool"]', 9),
      namespace("partner-api", '["10.64.0.0/20"]', 291),
      namespace("edge-gateway", '["external-pool","internal-pool"]', 109),
      namespace("internal-ns", '["internal-pool"]', 9),
      namespace("broken", "external-pool", 3),
      namespace("default", null, 12),
    ]),
    nodes: know([
      node("s666dan4332", tunnel("10.64.7.128")),
      node("s666dan4333", tunnel("10.64.15.0")),
      node("s666dan4150"),
    ]),
    managedBy: { kind: "argocd", name: "netops/pools" },
  };
  expect(lines(changes)).toEqual([
    `fails Namespace external-ns [9]: names external-pool only; new pods wait with: ${GIVEN}`,
    `fails Namespace partner-api [291]: names external-pool only; new pods wait with: ${GIVEN}`,
    `fails Namespace edge-gateway [109]: names internal-pool too, which does not help; new pods wait with: ${GIVEN}`,
    "moves Node s666dan4332 [null] 10.64.7.128→default-ipv4-ippool (10.255.249.128): its VXLAN tunnel address; until other nodes learn the new one, traffic to its pods can be lost",
    "moves Node s666dan4333 [null] 10.64.15.0→default-ipv4-ippool (10.255.42.0): its VXLAN tunnel address; until other nodes learn the new one, traffic to its pods can be lost",
    "capacity IPPool external-pool [41422]: 41,422 addresses stay free in other automatic IPv4 pools: default-ipv4-ippool 38,014 (594 blocks to claim), internal-pool 3,408 (53 blocks to claim). The 409 pods that run here fit in.",
    "revert Argo CD netops/pools [null]: Application netops/pools can set disabled: false again at its next sync. Change it there to make it last. (unknown: when it writes next is not known)",
    "unchanged IPPool external-pool [409]: The 409 addresses in use, their routes, NAT and encapsulation, and the 26 claimed blocks. Addresses can still be released.",
  ]);
  expect(impact(changes).confirm).toBe("click");
});

test.each<[string, bigint, bigint, string]>([
  ["no block", 0n, 0n, "No address is in use."],
  ["one block", 1n, 0n, "No address is in use; the claimed block stays."],
  ["two blocks, and a tunnel address", 2n, 1n, "No other address is in use; the 2 claimed blocks stay."],
])("disabling a pool without pods: %s", (_name, blocks, tunnels, words) => {
  const use = know({ inUse: tunnels, tunnels, blocks, pods: 0n });
  const nodes = know([node("n1", tunnel(tunnels === 0n ? "10.255.0.1" : "10.64.0.0"))]);
  const told = lines({ action: "disable", use, nodes }, ["unchanged"]).filter((line) =>
    line.includes("IPPool"),
  );
  expect(told).toEqual([`unchanged IPPool external-pool [0]: ${words}`]);
});

describe("assignment", () => {
  const only = (changes: Partial<ImpactInput>) => lines(changes, ["fails", "noPool"]);

  test("pods and templates with an annotation of their own", () => {
    const pinned = (kind: string, name: string, raw: string, pods: number) => ({
      kind,
      namespace: "shop",
      name,
      annotations: { 4: raw, 6: null },
      ipAddrs: null,
      pods,
    });
    const changes = {
      templates: know([
        pinned("Deployment", "web", '["external-pool"]', 3),
        pinned("Deployment", "db", '["internal-pool"]', 2),
        pinned("Deployment", "any", "[]", 2),
      ]),
      pinnedPods: know([
        pinned("Pod", "web-1", '["external-pool"]', 1),
        pinned("Pod", "lone", '["10.64.0.0/20"]', 1),
      ]),
    };
    expect(only(changes)).toEqual([
      `fails Deployment shop/web [3]: names external-pool only; new pods wait with: ${GIVEN}`,
      `fails Pod shop/lone [1]: names external-pool only; a new one waits with: ${GIVEN}`,
    ]);
  });

  test("the CNI configuration names it", () => {
    expect(
      only({ namespaces: know([namespace("default", null, 4)]), cniPools: { 4: ["external-pool"], 6: [] } }),
    ).toEqual([
      `fails Namespace default [4]: the CNI configuration names external-pool only; new pods wait with: ${GIVEN}`,
    ]);
  });

  test("the only pool of a selected namespace and of a node", () => {
    const team = testPool("team", "10.70.0.0/20", {
      namespaceSelector: "team == 'x'",
      allowedUses: ["Workload"],
      nodeSelector: "zone == 'a'",
    });
    const rest = { ...internal, nodeSelector: "zone == 'b'", namespaceSelector: "team == 'y'" };
    const changes = {
      pool: team,
      pools: [team, rest],
      namespaces: know([namespace("x", null, 5, { team: "x" }), namespace("y", null, 5, { team: "y" })]),
      nodes: know([node("a1", { labels: { zone: "a" } }), node("b1", { labels: { zone: "b" } })]),
    };
    expect(only(changes)).toEqual([
      "noPool Namespace x [5]: no pool is left that it selects; new pods wait with: no configured Calico pools for node <node>",
      "noPool Node a1 [null]: no automatic IPv4 pool is left for its pods",
    ]);
  });

  test("the last pool", () => {
    expect(only({ pools: [external], namespaces: know([namespace("default", null, 4)]) })).toEqual([
      "noPool Namespace default [4]: no pool is left that it selects; new pods wait with: cannot find a qualified ippool",
      "noPool Node n1 [null]: no automatic IPv4 pool is left for its pods",
    ]);
  });

  test("deleting breaks names differently from CIDRs", () => {
    const namespaces = know([
      namespace("by-name", '["external-pool"]', 1),
      namespace("by-cidr", '["10.64.0.0/20"]', 1),
    ]);
    expect(only({ action: "delete", namespaces })).toEqual([
      'fails Namespace by-name [1]: names external-pool only; new pods wait with: error parsing pool "external-pool": invalid CIDR address: external-pool',
      `fails Namespace by-cidr [1]: names external-pool only; new pods wait with: ${GIVEN}`,
    ]);
  });

  test("enabling breaks nobody, unless its selector cannot be read", () => {
    const namespaces = know([namespace("default", null, 4)]);
    const off = { ...external, disabled: true };
    expect(only({ action: "enable", pool: off, pools: [standard, off], namespaces })).toEqual([]);
    const bad = { ...off, nodeSelector: "zone = 'a'" };
    expect(only({ action: "enable", pool: bad, pools: [standard, bad], namespaces })[0]).toContain(
      "new pods wait with: expected ==",
    );
  });

  test("what cannot be read is said, not counted as nothing", () => {
    expect(
      only({
        namespaces: missing("may not list namespaces"),
        templates: missing("may not list deployments"),
        pinnedPods: missing("may not list pods"),
      }),
    ).toEqual([
      "fails Namespace unknown [null]: Which namespaces name this pool is unknown. (unknown: may not list namespaces)",
      "fails PodTemplate unknown [null]: Which workloads name this pool in their pod template is unknown. (unknown: may not list deployments)",
      "fails Pod unknown [null]: Which pods name this pool themselves is unknown. (unknown: may not list pods)",
    ]);
    const value = [
      {
        kind: "Deployment",
        namespace: "ns",
        name: "web",
        annotations: { 4: '["external-pool"]', 6: null },
        ipAddrs: null,
        pods: 2,
      },
    ];
    expect(only({ templates: { known: false, reason: "may not list jobs", value } })).toEqual([
      expect.stringMatching(/^fails Deployment ns\/web \[2\]/),
      "fails PodTemplate unknown [null]: Which other workloads name this pool in their pod template is unknown. (unknown: may not list jobs)",
    ]);
    expect(only({ namespaces: know([namespace("external-ns", '["external-pool"]', null)]) })[0]).toMatch(
      /\[null\].*\(unknown: pods cannot be read\)$/,
    );
  });
});

describe("states of other pools", () => {
  const only = (changes: Partial<ImpactInput>) => lines(changes, ["poolState"]);
  const condition = (status: "True" | "False", reason: string): AllocatableCondition => ({
    status,
    reason,
    message: "",
  });
  const winner = { ...external, allocatable: condition("True", "OK") };
  const loser = testPool("staging-pool", "10.64.8.0/22", { allocatable: condition("False", "CIDROverlap") });

  test("a loser gets the range", () => {
    expect(only({ pool: winner, pools: [winner, loser] })).toEqual([
      "poolState IPPool staging-pool [null] CIDROverlap→OK: no longer overlaps an enabled pool and starts giving addresses",
    ]);
    expect(only({ action: "delete", pool: winner, pools: [winner, loser] })).toEqual([
      "poolState IPPool staging-pool [null] CIDROverlap→OK: no longer overlaps an enabled pool and starts giving addresses",
      "poolState IPPool external-pool [null]: VXLAN ends, as no other pool uses it: Felix restarts on every node. New pods get an MTU 50 bytes larger; those that run keep theirs.",
    ]);
  });

  test("and keeps it when the former winner is enabled again", () => {
    const former = { ...external, disabled: true, allocatable: condition("False", "PoolDisabled") };
    const holder = { ...loser, allocatable: condition("True", "OK") };
    const namespaces = know([namespace("external-ns", '["external-pool"]', 1)]);
    expect(only({ action: "enable", pool: former, pools: [former, holder], namespaces })).toEqual([
      "poolState IPPool external-pool [null] PoolDisabled→CIDROverlap: does not get its range back: staging-pool has it, and external-pool stays at CIDROverlap",
    ]);
  });

  test("without conditions of Calico's the older pool takes it", () => {
    const old = { ...external, disabled: true };
    const young = testPool("young", "10.64.8.0/22", { createdAt: "2026-08-23T00:00:00Z" });
    expect(only({ action: "enable", pool: old, pools: [old, young] })).toEqual([
      "poolState IPPool young [null] OK→CIDROverlap: overlaps external-pool, which had the range first",
    ]);
  });
});

test.each<[ImpactInput["managedBy"], ImpactAction, RegExp | null]>([
  [
    { kind: "operator", name: "tigera-operator" },
    "disable",
    /within seconds\. Set disableNewAllocations: true in the Installation/,
  ],
  [
    { kind: "operator", name: "tigera-operator" },
    "delete",
    /will create external-pool again within seconds\. Remove its entry/,
  ],
  [
    { kind: "flux", name: "flux-system/pools" },
    "disable",
    /flux-system\/pools can set disabled: false again/,
  ],
  [{ kind: "helm", name: null }, "delete", /Release unknown can create/],
  [{ kind: "manager", name: "terraform" }, "disable", /terraform wrote this pool last/],
  [{ kind: "manager", name: "kubectl-create" }, "disable", null],
  [{ kind: "manager", name: "calicoctl" }, "disable", null],
  [{ kind: "none", name: null }, "disable", null],
])("%o may revert a %s", (managedBy, action, expected) => {
  const found = lines({ managedBy, action }, ["revert"]);
  if (expected === null) expect(found).toEqual([]);
  else expect(found[0]).toMatch(expected);
});

describe("the rest", () => {
  test("deleting takes the pool away from its addresses and asks for the name", () => {
    const changes = { action: "delete" as const };
    expect(impact(changes).confirm).toBe("typeName");
    expect(lines(changes, ["removed", "unchanged"])).toEqual([
      "removed IPPool external-pool [409]: 409 addresses in use lose their pool: packets to the outside keep their own source, other nodes lose the tunnel to them, other pools rewrite the source of packets to them.",
      "unchanged IPPool external-pool [409]: 409 pods keep their addresses until they end; their blocks lose their owner and go with the last address.",
    ]);
    const empty = { action: "delete" as const, use: know({ inUse: 0n, pods: 0n, tunnels: 0n, blocks: 0n }) };
    expect(lines(empty, ["removed", "unchanged"])).toEqual([]);
    expect(impact(empty).confirm).toBe("typeName");
  });

  test("a pool that the controller holds takes nothing away while it is in use", () => {
    const held = { action: "delete", isHeldWhileUsed: true } as const;
    const named = know([namespace("external-ns", '["external-pool"]', 9)]);
    const told = lines({ ...held, namespaces: named }, ["fails", "removed", "poolState", "unchanged"]);
    expect(told).toEqual([
      expect.stringContaining("the given pool (10.64.0.0/20) does not exist, or is not enabled"),
      "poolState IPPool external-pool [409] →Terminating: stays at Terminating until its 409 addresses are given back; it cannot be enabled again",
      expect.stringContaining("with their routes, NAT and encapsulation until they end; then the pool goes."),
    ]);
    const unused = know({ inUse: 0n, pods: 0n, tunnels: 0n, blocks: 2n });
    expect(lines({ ...held, use: unused }, ["removed", "poolState", "unchanged"])).toEqual([]);
  });

  test("enabling adds what is free", () => {
    const off = { ...external, disabled: true };
    expect(lines({ action: "enable", pool: off, pools: [standard, off] }, ["capacity", "unchanged"])).toEqual(
      [
        "capacity IPPool external-pool [3620]: external-pool adds 3,620 addresses that are free.",
        "unchanged IPPool external-pool [null]: Pods that run keep their addresses. Pods that wait for an address get one at the next try of their kubelet. Tunnel addresses that moved away stay where they are.",
      ],
    );
  });

  test("nothing else left, and nothing known", () => {
    expect(lines({ pools: [external] }, ["capacity"])).toEqual([
      "capacity IPPool external-pool [0]: No other automatic IPv4 pool gives addresses to pods.",
    ]);
    expect(
      lines({ room: missing("may not list ipamblocks"), use: missing("may not list ipamblocks") }, [
        "capacity",
        "unchanged",
      ]),
    ).toEqual([
      "capacity IPPool external-pool [null]: 2 other automatic IPv4 pools remain; how much is free in them is unknown. (unknown: may not list ipamblocks)",
      "unchanged IPPool external-pool [null]: The addresses in use, their routes, NAT and encapsulation, and the claimed blocks. Addresses can still be released. (unknown: may not list ipamblocks)",
    ]);
    expect(lines({ pools: [standard, external], room: missing("no") }, ["capacity"])).toEqual([
      "capacity IPPool external-pool [null]: 1 other automatic IPv4 pool remains; how much is free in it is unknown. (unknown: no)",
    ]);
  });

  test("doing what is done already", () => {
    expect(lines({ pool: { ...external, disabled: true } })).toEqual([
      "unchanged IPPool external-pool [null]: external-pool is disabled already.",
    ]);
    expect(lines({ action: "enable" })).toEqual([
      "unchanged IPPool external-pool [null]: external-pool is enabled already.",
    ]);
  });
});
