import { expect, test } from "vitest";
import type { Pool } from "@/lib/contract/pools.ts";
import { addresses, encapsulation, owner, poolState } from "./pool-words.ts";

type Parts = Partial<Omit<Pool, "usage" | "blocks">> & { inUse?: string | null; left?: string | null };

function pool({ inUse = "0", left = "4", ...parts }: Parts): Pool {
  return {
    name: "p",
    uid: "u",
    resourceVersion: "1",
    createdAt: "2026-01-01T00:00:00Z",
    labels: {},
    cidr: "10.0.0.0/24",
    family: 4,
    blockSize: 26,
    disabled: false,
    natOutgoing: true,
    ipipMode: "Never",
    vxlanMode: "Never",
    disableBGPExport: false,
    nodeSelector: "all()",
    namespaceSelector: null,
    allowedUses: ["Workload", "Tunnel"],
    assignmentMode: "Automatic",
    state: { allocatable: true, reason: "OK", message: "" },
    managedBy: { kind: "none", name: null },
    usage: {
      capacity: "256",
      inUse,
      reserved: "0",
      free: "0",
      cooling: "0",
      borrowed: "0",
      reservedUnused: "0",
      freeInBlocks: "0",
      byKind: { pod: inUse, tunnel: "0", loadBalancer: "0", vm: "0", windows: "0", other: "0" },
    },
    blocks: { claimed: "3", possible: "4", left },
    fragmentation: {
      stranded: "0",
      blocksWithFree: "0",
      takeable: "0",
      strictAffinity: false,
      newNode: "claims",
    },
    nodes: { serves: true, fit: "64", eligible: 3, withoutBlock: 3, atLimit: 0 },
    thresholds: { warn: 75, crit: 90 },
    tunnelNodes: 0,
    ...parts,
  };
}
const because = (reason: Pool["state"]["reason"], message = "") => ({ allocatable: false, reason, message });

test.each([
  ["room", pool({}), "dot", "ok", "Allocatable", undefined],
  ["75 %", pool({ inUse: "192" }), "triangle", "warn", "Allocatable", "75 % in use"],
  ["over 90 %", pool({ inUse: "240" }), "triangle", "crit", "Allocatable", "94 % in use"],
  ["no block left", pool({ left: "0" }), "triangle", "crit", "Allocatable", "No block left to claim"],
  ["use unknown", pool({ inUse: null, left: null }), "dot", "ok", "Allocatable", undefined],
  [
    "nodes unknown",
    pool({ unknown: [{ field: "state", reason: "may not read nodes" }] }),
    "ring",
    "muted",
    "Allocatable",
    "Which nodes it serves is unknown",
  ],
  [
    "disabled, use unknown",
    pool({ inUse: null, state: because("PoolDisabled") }),
    "ring",
    "muted",
    "Disabled",
    "How many addresses are in use is unknown",
  ],
  [
    "LoadBalancer",
    pool({ allowedUses: ["LoadBalancer"] }),
    "dot",
    "ok",
    "Allocatable",
    "LoadBalancer Services only",
  ],
  ["manual", pool({ assignmentMode: "Manual" }), "dot", "ok", "Allocatable", "Only where it is named"],
  ["off", pool({ state: because("PoolDisabled") }), "ring", "muted", "Disabled", "No address in use"],
  [
    "draining",
    pool({ inUse: "1", state: because("Draining") }),
    "half",
    "muted",
    "Disabled",
    "Draining, 1 address in use",
  ],
  [
    "overlap",
    pool({ state: because("CIDROverlap", "It overlaps good (10.60.0.0/16). Calico does not mind.") }),
    "squares",
    "warn",
    "Overlap",
    "It overlaps good (10.60.0.0/16)",
  ],
  [
    "going",
    pool({ inUse: "11", state: because("Terminating") }),
    "cross",
    "crit",
    "Terminating",
    "11 addresses in 3 blocks hold it",
  ],
  [
    "no node",
    pool({ state: because("NoEligibleNode") }),
    "barred",
    "warn",
    "No eligible node",
    "Its selector matches no node",
  ],
] as const)("%s", (_name, subject, shape, tone, word, reason) => {
  expect(poolState(subject)).toEqual({ shape, tone, word, ...(reason === undefined ? {} : { reason }) });
});

test.each([
  [{ vxlanMode: "CrossSubnet", ipipMode: "Never", natOutgoing: true }, "VXLAN", "CrossSubnet, NAT out"],
  [{ vxlanMode: "Never", ipipMode: "Always", natOutgoing: false }, "IPIP", "Always, no NAT"],
  [{ vxlanMode: "Never", ipipMode: "Never", natOutgoing: false }, "None", "routed, no NAT"],
] as const)("encapsulation %j", (fields, title, detail) => {
  expect(encapsulation(fields)).toEqual({ title, detail });
});

test.each([
  [{ kind: "operator", name: "default" }, "Operator", "Installation"],
  [{ kind: "argocd", name: "netops/pools" }, "Argo CD", "netops/pools"],
  [{ kind: "manager", name: "kubectl-create" }, "By hand", "kubectl"],
  [{ kind: "manager", name: "pool-bot" }, "pool-bot", "last wrote it"],
  [{ kind: "none", name: null }, "By hand", null],
] as const)("owner %j", (managedBy, title, detail) => {
  expect(owner({ managedBy })).toEqual({ title, detail });
});

test("numbers agree with their nouns", () => {
  expect([addresses("1"), addresses("0"), addresses(2n ** 64n)]).toEqual([
    "1 address",
    "0 addresses",
    "2^64 addresses",
  ]);
});
