import { describe, expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";
import { assignExact } from "./assign-exact.ts";
import { tunnelTypes } from "./attribute-kind.ts";
import { addressesOfHandle } from "./block-release.ts";
import { IpamDraft } from "./ipam-draft.ts";
import type { PoolSpec } from "../recordings/step.ts";
import { readPool } from "../recordings/stored.ts";
import { planRelease, planReleaseAddress } from "./release.ts";
import type { IpamSnapshot } from "./snapshot.ts";
import { planTunnels, type TunnelAddresses, type TunnelRequest } from "./tunnels.ts";

const START = 1_787_400_005_123_456_789n;
const nodeLabels = () => ({ zone: "a" });

function cluster(pools: Record<string, PoolSpec>, from?: IpamSnapshot): IpamSnapshot {
  const empty = { blocks: new Map(), affinities: [], handles: new Map(), config: null, reservations: [] };
  return { ...(from ?? empty), pools: Object.entries(pools).map(([name, spec]) => readPool(name, spec)) };
}

function pass(snapshot: IpamSnapshot, addresses: TunnelAddresses, change: Partial<TunnelRequest> = {}) {
  return planTunnels(snapshot, {
    node: "node-a",
    nodeLabels,
    addresses,
    wireguardKeys: [],
    now: START,
    ...change,
  });
}

const vxlan: PoolSpec = { cidr: "10.64.0.0/28", blockSize: 30, vxlanMode: "CrossSubnet" };
const wide: PoolSpec = { cidr: "fd00::/64", vxlanMode: "Always" };

describe("one pass of the tunnel address allocator", () => {
  test("takes an address per tunnel that some pool wants, WireGuard only with a key", () => {
    const snapshot = cluster({ four: vxlan, ipip: { cidr: "10.65.0.0/24", ipipMode: "Always" }, six: wide });
    expect(Object.keys(pass(snapshot, {}).addresses)).toEqual([
      "ipipTunnelAddress",
      "vxlanTunnelAddress",
      "vxlanV6TunnelAddress",
    ]);
    const all = pass(snapshot, {}, { wireguardKeys: [4, 6] });
    expect(Object.keys(all.addresses).sort()).toEqual([...tunnelTypes].sort());
    expect(pass(snapshot, {}, { wireguardKeys: [4, 6], hostEncryption: true }).addresses).not.toHaveProperty(
      "wireguardTunnelAddress",
    );
    const block = [...all.after.blocks.values()].find(
      (one) => addressesOfHandle(one, "vxlan-tunnel-addr-node-a").length,
    );
    expect(block?.attributes.map((entry) => entry.owner)).toContainEqual({
      node: "node-a",
      type: "vxlanTunnelAddress",
    });
  });

  test("writes nothing when all is well", () => {
    const first = pass(cluster({ four: vxlan }), {});
    const second = pass(first.after, first.addresses);
    expect(second.writes).toEqual([]);
    expect(second.addresses).toEqual(first.addresses);
  });

  test.each<[string, PoolSpec]>([
    ["disabled", { ...vxlan, disabled: true }],
    ["without the encapsulation", { ...vxlan, vxlanMode: "Never" }],
    ["for other nodes", { ...vxlan, nodeSelector: "zone == 'b'" }],
    ["for workloads only", { ...vxlan, allowedUses: ["Workload"] }],
  ])("a pool %s loses the address, another takes over", (_, changed) => {
    const first = pass(cluster({ four: vxlan }), {});
    const alone = pass(cluster({ four: changed }, first.after), first.addresses);
    expect(alone.addresses).toEqual({});
    expect(alone.after.handles.size).toBe(0);
    const spare: PoolSpec = { cidr: "10.66.0.0/24", vxlanMode: "Always" };
    const moved = pass(cluster({ four: changed, spare }, first.after), first.addresses);
    expect(moved.addresses.vxlanTunnelAddress).toMatch(/^10\.66\.0\./);
    expect(moved.after.handles.size).toBe(1);
  });

  test("a failure gives back what the pass took and keeps the annotations", () => {
    const tiny: PoolSpec = { cidr: "10.64.0.0/32", blockSize: 32, vxlanMode: "Always" };
    const plan = pass(cluster({ tiny }), {}, { wireguardKeys: [4] });
    expect(plan.error).toBe(
      "Assigned 0 out of 1 requested IPv4 addresses; No IPs available in pools: [10.64.0.0/32]",
    );
    expect(plan.addresses).toEqual({});
    expect(plan.after.handles.size).toBe(0);
  });

  test("an address someone else has by now is left to them", () => {
    const snapshot = cluster({ four: vxlan });
    const draft = new IpamDraft(snapshot, START);
    const address = parseAddress("10.64.0.5");
    const theirs = { address, node: "node-b", use: "Workload" as const, handle: "pod" };
    assignExact(draft, { ...theirs, attributes: { pod: "p", node: "node-b" }, now: START });
    const plan = pass(draft.plan().after, { vxlanTunnelAddress: "10.64.0.5" });
    expect(plan.addresses.vxlanTunnelAddress).not.toBe("10.64.0.5");
    const holders = [...plan.after.blocks.values()].flatMap((block) => addressesOfHandle(block, "pod"));
    expect(holders.map(formatAddress)).toEqual(["10.64.0.5"]);
  });

  test("an allocation without handle or keys is adopted; a missing handle object does not keep an address alive", () => {
    const draft = new IpamDraft(cluster({ four: vxlan }), START);
    const bare = { address: parseAddress("10.64.0.5"), node: "node-a", use: "Tunnel" as const };
    assignExact(draft, { ...bare, handle: null, attributes: {}, now: START });
    const adopted = pass(draft.plan().after, { vxlanTunnelAddress: "10.64.0.5" });
    expect(adopted.addresses.vxlanTunnelAddress).toBe("10.64.0.5");
    expect([...adopted.after.handles.keys()]).toEqual(["vxlan-tunnel-addr-node-a"]);
    const orphan = cluster(
      { four: { ...vxlan, vxlanMode: "Never" } },
      { ...adopted.after, handles: new Map() },
    );
    const removed = pass(orphan, adopted.addresses);
    expect([...removed.after.blocks.values()].every((block) => block.attributes.length === 0)).toBe(true);
  });

  test("an annotation that is no address, and one whose address cools, are errors", () => {
    const first = pass(cluster({ four: vxlan }), {});
    expect(pass(first.after, { vxlanTunnelAddress: "10.64.0" }).error).toBe(
      "failed to parse the CIDR '10.64.0'",
    );
    const config = { ...new IpamDraft(first.after, START).config, ipCooldownSeconds: 60 };
    const handles = ["vxlan-tunnel-addr-node-a"];
    const released = planRelease({ ...first.after, config }, { handles, nodeLabels, now: START }).after;
    const held = first.addresses.vxlanTunnelAddress;
    expect(pass(released, first.addresses).error).toBe(
      `failed to get assignment attributes for CIDR '${held}': address ${held} is in cooldown`,
    );
  });

  test("a node that does not exist", () => {
    expect(pass(cluster({ four: vxlan }), {}, { nodeLabels: () => null }).error).toContain("node-a");
  });
});

describe("release of single addresses", () => {
  const taken = pass(cluster({ four: vxlan }), {});
  const address = parseAddress(taken.addresses.vxlanTunnelAddress ?? "");
  const release = (snapshot: IpamSnapshot) =>
    planReleaseAddress(snapshot, { releases: [{ address }], nodeLabels, now: START });

  test("finds blocks outside every pool, not those of another size inside one", () => {
    expect(release(cluster({}, taken.after)).notAssigned).toEqual([]);
    expect(release(cluster({ other: { ...vxlan, blockSize: 29 } }, taken.after)).notAssigned).toEqual([
      address,
    ]);
    expect(release(cluster({ off: { ...vxlan, disabled: true } }, taken.after)).notAssigned).toEqual([]);
  });

  test("an emptied block that nobody owns goes", () => {
    const blocks = new Map(
      [...taken.after.blocks].map(([key, block]) => [key, { ...block, affinity: null }]),
    );
    const plan = release(cluster({}, { ...taken.after, blocks }));
    expect(plan.after.blocks.size).toBe(0);
    expect(plan.writes.map((write) => `${write.op} ${write.kind}`)).toEqual([
      "delete block",
      "delete handle",
    ]);
  });

  test("an emptied block whose pool no longer selects its owner goes with its claim", () => {
    const plan = release(cluster({ four: { ...vxlan, nodeSelector: "zone == 'b'" } }, taken.after));
    expect(plan.after.blocks.size).toBe(0);
    expect(plan.after.affinities).toEqual([]);
  });
});
