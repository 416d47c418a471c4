import { describe, expect, test } from "vitest";
import type { ImpactInput } from "./impact.ts";
import type { ImpactNode } from "./impact-nodes.ts";
import {
  external,
  impact,
  internal,
  know,
  lines,
  missing,
  node,
  standard,
  tunnel,
} from "./impact-testing.ts";
import type { Pool } from "./pool.ts";
import { testPool } from "./testing.ts";

describe("tunnels", () => {
  const only = (changes: Partial<ImpactInput>) => lines(changes, ["moves", "removed"]);

  test("without another carrier the address goes", () => {
    const changes = { pools: [external, internal], nodes: know([node("n", tunnel("10.64.0.0"))]) };
    expect(only(changes)).toEqual([
      "removed Node n [null] 10.64.0.0→: its VXLAN tunnel address goes and no enabled pool gives another: its VTEP is withdrawn, and in other subnets traffic between its pods and other nodes is lost",
    ]);
    expect(impact(changes).confirm).toBe("typeName");
  });

  test("several carriers: the node's own blocks first, then the first pool by name", () => {
    const third = testPool("third", "10.90.0.0/20", { vxlanMode: "Always" });
    const [line] = only({
      pools: [standard, external, third],
      nodes: know([node("n", tunnel("10.64.0.0"))]),
    });
    expect(line).toMatch(/→default-ipv4-ippool \(10\.255\.246\.0\): its VXLAN tunnel address; until [^(]*$/);
    const [unread] = only({
      pools: [standard, external, third],
      nodes: know([node("n", tunnel("10.64.0.0"))]),
      ipam: missing("may not list ipamblocks"),
    });
    expect(unread).toMatch(
      /→default-ipv4-ippool: .*\(unknown: default-ipv4-ippool or third: blocks that the node holds are used first\)$/,
    );
  });

  test("mode, use, node selector and WireGuard key decide who carries", () => {
    const carriers: readonly [Partial<Pool>, string][] = [
      [{ vxlanMode: "Never", ipipMode: "Always" }, "removed"],
      [{ allowedUses: ["Workload"] }, "removed"],
      [{ nodeSelector: "has(gpu)" }, "removed"],
      [{ nodeSelector: "zone = 'a'" }, "removed"],
      [{ disabled: true }, "removed"],
      [{}, "moves"],
    ];
    for (const [changes, kind] of carriers) {
      expect(
        only({
          pools: [{ ...standard, ...changes }, external],
          nodes: know([node("n", tunnel("10.64.0.0"))]),
        })[0],
      ).toMatch(new RegExp(`^${kind}`));
    }
    const wireguard: ImpactNode = node("w", {
      tunnels: [{ type: "wireguardTunnelAddress", ip: "10.64.0.0" }],
      wireguard: { 4: true, 6: false },
    });
    expect(only({ pools: [external, internal], nodes: know([wireguard]) })[0]).toMatch(
      /^moves Node w .*→internal-pool \(10\.64\.2\d\.\d+\)/,
    );
  });

  test("enabling moves nothing back, and serves nodes without an address", () => {
    const off = { ...external, disabled: true };
    const changes = {
      action: "enable" as const,
      pool: off,
      pools: [{ ...standard, nodeSelector: "!has(edge)" }, off],
      nodes: know([node("has"), node("has-not", { tunnels: [], labels: { edge: "" } })]),
    };
    expect(only(changes)).toEqual([
      "moves Node has-not [null] →external-pool (10.64.14.64): gets a VXLAN tunnel address from external-pool",
    ]);
  });

  test("more nodes than are planned one by one: by pool, as far as there is room for all of them", () => {
    const nodes = Array.from({ length: 400 }, (_, at) =>
      node(`n${at}`, tunnel(`10.64.${at >> 6}.${at & 63}`)),
    );
    const roomy = only({ pools: [standard, external], nodes: know(nodes) });
    expect(roomy).toHaveLength(400);
    expect(
      roomy.every((line) => /→default-ipv4-ippool: .*becomes the next free one there; [^(]*$/.test(line)),
    ).toBe(true);
    const room = know(new Map([["default-ipv4-ippool", { free: 500n, blocksLeft: 9n, pods: 0n }]]));
    const tight = only({ pools: [standard, external], nodes: know(nodes), room });
    expect(tight.at(-1)).toMatch(/\(unknown: there is too little room in default-ipv4-ippool/);
  });

  test("a node that calico-node has not reached is not said to get what it waits for already", () => {
    const pools = [standard, { ...external, vxlanMode: "Always" as const }];
    const waits = node("waits", { tunnels: [] });
    const absent = node("absent", { tunnels: [], bgpAddress: { 4: null, 6: null } });
    const nodes = know([waits, absent]);
    const [line, ...more] = only({ pools, pool: standard, nodes });
    expect(line).toMatch(/^moves Node waits \[null\] →external-pool/);
    expect(more).toEqual([]);
    const first = only({
      action: "enable",
      pool: { ...external, disabled: true },
      pools: [{ ...external, disabled: true }],
      nodes,
    });
    expect(first).toHaveLength(2);
  });

  test("unreadable nodes", () => {
    expect(only({ nodes: missing("may not list nodes") })).toEqual([
      "moves Node unknown [null]: Which nodes have a tunnel address in this pool is unknown. (unknown: may not list nodes)",
    ]);
  });
});
