import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress } from "./address.ts";
import type { TunnelType } from "./attribute-kind.ts";
import { cidrContains } from "./cidr.ts";
import type { ImpactNode } from "./impact-nodes.ts";
import { type TunnelIpam, TunnelWorld } from "./impact-tunnel-plan.ts";
import type { EncapMode, Pool } from "./pool.ts";
import { planReleasePoolAffinities } from "./pool-delete.ts";
import type { IpamSnapshot } from "./snapshot.ts";
import { resultOf } from "./steps.ts";
import { testPool } from "./testing.ts";
import { planTunnels, type TunnelAddresses } from "./tunnels.ts";

const NOW = 1_787_400_005_123_456_789n;
const selectors = ["all()", "zone == 'a'", "zone == 'b'", "has(gone)"];
const modes: readonly EncapMode[] = ["Never", "Always", "CrossSubnet"];

/** Pools of a few blocks each, so that they run short at times. */
const pool = (at: number) =>
  fc
    .record({
      mode: fc.constantFrom(...modes),
      isIpip: fc.boolean(),
      disabled: fc.boolean(),
      nodeSelector: fc.constantFrom(...selectors),
      isForTunnels: fc.boolean(),
      prefix: fc.constantFrom(26, 27, 29),
    })
    .map(({ mode, isIpip, disabled, nodeSelector, isForTunnels, prefix }) =>
      testPool(`p${at}`, `10.${at}.0.0/${prefix}`, {
        blockSize: 29,
        disabled,
        nodeSelector,
        ...(isIpip ? { ipipMode: mode } : { vxlanMode: mode }),
        allowedUses: isForTunnels ? ["Workload", "Tunnel"] : ["Workload"],
      }),
    );
const node = fc.record({ zone: fc.constantFrom("a", "b"), wireguard: fc.boolean() });
const world = fc.record({
  pools: fc.tuple(pool(1), pool(2), pool(3)),
  nodes: fc.array(node, { minLength: 1, maxLength: 5 }),
});
const change = fc.record({
  at: fc.nat(2),
  fields: fc.oneof(
    fc.record({ disabled: fc.boolean() }),
    fc.record({ nodeSelector: fc.constantFrom(...selectors) }),
    fc.record({ vxlanMode: fc.constantFrom(...modes), ipipMode: fc.constant("Never" as const) }),
    fc.record({ ipipMode: fc.constantFrom(...modes), vxlanMode: fc.constant("Never" as const) }),
    fc.constant("delete" as const),
  ),
});

/** A cluster whose nodes pass in name order, by the allocator's model alone: what the preview has to foresee. */
class Cluster {
  snapshot: IpamSnapshot;
  readonly addresses = new Map<string, TunnelAddresses>();
  readonly errors = new Map<string, string>();
  readonly #nodes: readonly ImpactNode[];

  constructor(pools: readonly Pool[], nodes: readonly ImpactNode[]) {
    this.snapshot = {
      pools,
      blocks: new Map(),
      affinities: [],
      handles: new Map(),
      config: null,
      reservations: [],
    };
    this.#nodes = nodes;
    this.pass();
  }

  pass(): void {
    this.errors.clear();
    for (const { name, wireguard } of this.#nodes) {
      const plan = planTunnels(this.snapshot, {
        node: name,
        nodeLabels: (one) => this.#nodes.find((other) => other.name === one)?.labels ?? null,
        addresses: this.addresses.get(name) ?? {},
        wireguardKeys: wireguard[4] ? [4] : [],
        now: NOW,
      });
      this.snapshot = plan.after;
      this.addresses.set(name, plan.addresses);
      if (plan.error !== null) this.errors.set(name, plan.error);
    }
  }

  become(pools: readonly Pool[], removed: Pool | null): void {
    if (removed) this.snapshot = planReleasePoolAffinities(this.snapshot, removed.cidr, NOW).after;
    this.snapshot = { ...this.snapshot, pools };
    this.pass();
  }

  /** As the inventory has it: nodes with their annotations, and blocks. */
  seen(): { nodes: ImpactNode[]; ipam: TunnelIpam } {
    const { blocks, affinities, config, reservations } = this.snapshot;
    return {
      nodes: this.#nodes.map((one) => ({
        ...one,
        tunnels: (Object.entries(this.addresses.get(one.name) ?? {}) as [TunnelType, string][]).map(
          ([type, ip]) => ({ type, ip }),
        ),
      })),
      ipam: {
        block: (cidr) => blocks.get(cidr) ?? null,
        affinities: (name) => affinities.filter(({ owner }) => owner.name === name),
        config,
        reservations,
        hostEncryption: false,
        now: NOW,
      },
    };
  }
}

const changed = (pools: readonly Pool[], { at, fields }: { at: number; fields: Partial<Pool> | "delete" }) =>
  fields === "delete"
    ? pools.filter((_, index) => index !== at)
    : pools.map((one, index) => (index === at ? { ...one, ...fields } : one));

describe("what is foreseen is what the allocator then does", () => {
  test("pool by pool, and to the address where that is said", () => {
    let told = 0;
    fc.assert(
      fc.property(world, change, ({ pools, nodes }, one) => {
        const all = nodes.map(({ zone, wireguard }, at) => ({
          name: `n${at}`,
          labels: { zone },
          tunnels: [],
          bgpAddress: { 4: "172.18.0.2/16", 6: null },
          wireguard: { 4: wireguard, 6: false },
        }));
        const cluster = new Cluster(pools, all);
        if (cluster.errors.size > 0) return;
        const before = new Map(cluster.addresses);
        const { nodes: seen, ipam } = cluster.seen();
        const after = changed(pools, one);
        const moves = resultOf(new TunnelWorld(seen, ipam).pass(pools, after));
        cluster.become(after, one.fields === "delete" ? (pools[one.at] ?? null) : null);
        for (const { name } of all) {
          const [held, has] = [before.get(name) ?? {}, cluster.addresses.get(name) ?? {}];
          const error = cluster.errors.get(name) ?? null;
          for (const type of ["ipipTunnelAddress", "vxlanTunnelAddress", "wireguardTunnelAddress"] as const) {
            const move = moves.find((each) => each.node === name && each.type === type);
            if (move === undefined) {
              expect(has[type], `${name} ${type} stays`).toBe(held[type]);
              continue;
            }
            told += 1;
            expect(move.error).toBe(error);
            if (error !== null) continue;
            const real = has[type];
            if (real === undefined) expect(move.candidates).toEqual([]);
            else {
              expect(move.pool !== null && cidrContains(move.pool.cidr, parseAddress(real))).toBe(true);
              if (move.to !== null) expect(move.to).toBe(real);
            }
          }
        }
      }),
      { seed: 6, numRuns: 1_000 },
    );
    expect(told).toBeGreaterThan(200);
  });

  test("an address that is said for certain does not depend on who comes first", () => {
    fc.assert(
      fc.property(world, change, ({ pools, nodes }, one) => {
        const all = nodes.map(({ zone, wireguard }, at) => ({
          name: `n${at}`,
          labels: { zone },
          tunnels: [],
          bgpAddress: { 4: "172.18.0.2/16", 6: null },
          wireguard: { 4: wireguard, 6: false },
        }));
        const cluster = new Cluster(pools, all);
        if (cluster.errors.size > 0) return;
        const { nodes: seen, ipam } = cluster.seen();
        const after = changed(pools, one);
        const moves = resultOf(new TunnelWorld(seen, ipam).pass(pools, after));
        const backwards = reversed(cluster, all);
        backwards.become(after, one.fields === "delete" ? (pools[one.at] ?? null) : null);
        for (const { node: name, type, to, doubt, pool: where } of moves) {
          const real = backwards.addresses.get(name)?.[type];
          if (to !== null) expect(real).toBe(to);
          if (doubt === null && where !== null && real !== undefined)
            expect(cidrContains(where.cidr, parseAddress(real))).toBe(true);
        }
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });
});

/** The same cluster, whose nodes pass in the other order from now on. */
function reversed(cluster: Cluster, nodes: readonly ImpactNode[]): Cluster {
  const other = new Cluster([], nodes.toReversed());
  other.snapshot = cluster.snapshot;
  for (const [name, addresses] of cluster.addresses) other.addresses.set(name, addresses);
  return other;
}

test("bounds: beyond a few hundred nodes moves are told by pool", () => {
  const pools = [
    testPool("from", "10.0.0.0/16", { vxlanMode: "Always" }),
    testPool("to", "10.8.0.0/13", { vxlanMode: "Always" }),
  ];
  const nodes = Array.from({ length: 1_000 }, (_, at) => ({
    name: `n${String(at).padStart(4, "0")}`,
    labels: {},
    tunnels: [{ type: "vxlanTunnelAddress" as const, ip: `10.0.${at >> 6}.${at & 63}` }],
    bgpAddress: { 4: null, 6: null },
    wireguard: { 4: false, 6: false },
  }));
  const ipam: TunnelIpam = {
    block: () => null,
    affinities: () => [],
    config: null,
    reservations: [],
    hostEncryption: false,
    now: NOW,
  };
  const steps = new TunnelWorld(nodes, ipam).pass(
    pools,
    changed(pools, { at: 0, fields: { disabled: true } }),
  );
  const moves = resultOf(steps);
  expect(moves).toHaveLength(1_000);
  expect(moves.every((move) => move.pool?.name === "to")).toBe(true);
  expect(moves.filter(({ doubt }) => doubt === "many")).toHaveLength(850);
  expect(moves.every(({ to }) => to === null)).toBe(true);
});
