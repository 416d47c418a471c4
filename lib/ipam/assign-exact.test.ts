import { expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";
import { assignmentOf, planAssignExact } from "./assign-exact.ts";
import { formatCidr } from "./cidr.ts";
import { defaultIpamConfig, IpamDraft } from "./ipam-draft.ts";
import { readPool } from "../recordings/stored.ts";
import { planRelease } from "./release.ts";
import type { IpamSnapshot } from "./snapshot.ts";

const START = 1_787_400_005_123_456_789n;
const cluster: IpamSnapshot = {
  pools: [
    readPool("b-narrow", { cidr: "10.64.0.0/28", blockSize: 30 }),
    readPool("a-wide", {
      cidr: "10.64.0.0/24",
      blockSize: 28,
      assignmentMode: "Manual",
      nodeSelector: "none == 'here'",
    }),
    readPool("lb", { cidr: "10.65.0.0/24", allowedUses: ["LoadBalancer"] }),
    readPool("off", { cidr: "10.66.0.0/24", disabled: true }),
  ],
  blocks: new Map(),
  affinities: [],
  handles: new Map(),
  config: { ...defaultIpamConfig, autoAllocateBlocks: false, maxBlocksPerHost: 1, strictAffinity: true },
  reservations: [],
};

const ask = (snapshot: IpamSnapshot, ip: string, node = "node-a") => {
  const common = { node, use: "Workload" as const, handle: `h-${ip}`, attributes: { node }, now: START };
  return planAssignExact(snapshot, { ...common, address: parseAddress(ip) });
};

test.each([
  ["192.0.2.1", "The provided IP address is not in a configured pool\n"],
  ["10.66.0.1", "The provided IP address is not in a configured pool\n"],
  [
    "10.65.0.1",
    'IP address 10.65.0.1 is in IP pool "lb", which is not allowed for use "Workload" (allowedUses: [LoadBalancer])',
  ],
])("%s is refused and nothing is written", (ip, error) => {
  const plan = ask(cluster, ip);
  expect(plan.error).toBe(error);
  expect(plan.writes).toEqual([]);
  expect(plan.after).toBe(cluster);
});

test("the first pool by name decides the block; mode, selectors, block limit and automatic claims do not matter", () => {
  const first = ask(cluster, "10.64.0.5");
  expect(first.error).toBeNull();
  expect([...first.after.blocks.values()].map((block) => formatCidr(block.cidr))).toEqual(["10.64.0.0/28"]);
  const second = ask(first.after, "10.64.0.21");
  expect(second.error).toBeNull();
  expect(ask(second.after, "10.64.0.5").error).toBe(
    "resource already exists: 10.64.0.5 with error: Address already assigned in block",
  );
  expect(ask(second.after, "10.64.0.6", "node-b").error).toBe("Block host affinity does not match");
});

test("what Calico tells of an address", () => {
  const taken = ask(cluster, "10.64.0.5").after;
  const told = (snapshot: IpamSnapshot, ip: string) =>
    assignmentOf(new IpamDraft(snapshot, START), parseAddress(ip));
  expect(told(taken, "10.64.0.5")).toEqual({
    state: "assigned",
    handle: "h-10.64.0.5",
    owner: { node: "node-a" },
    alternateOwner: null,
  });
  expect(told(taken, "10.64.0.6")).toEqual({ state: "notAssigned" });
  expect(told({ ...taken, pools: [] }, "10.64.0.5")).toEqual({ state: "notAssigned" });
  const config = { ...defaultIpamConfig, ipCooldownSeconds: 60 };
  const release = { handles: ["h-10.64.0.5"], nodeLabels: () => ({}), now: START };
  const released = planRelease({ ...taken, config }, release).after;
  expect(told(released, formatAddress(parseAddress("10.64.0.5")))).toEqual({ state: "cooling" });
});
