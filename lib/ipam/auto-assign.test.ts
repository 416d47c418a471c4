import { describe, expect, test } from "vitest";
import { formatAddress } from "./address.ts";
import { blockLimit, planAutoAssign } from "./auto-assign.ts";
import { formatCidr, parseCidr } from "./cidr.ts";
import { defaultIpamConfig } from "./ipam-draft.ts";
import { add, emptyCluster, START } from "../recordings/requests.ts";
import { readPool } from "../recordings/stored.ts";
import type { IpamWrite } from "./snapshot.ts";

const cidr = (text: string) => parseCidr(text).cidr;
const spell = (write: IpamWrite) => {
  if (write.kind === "affinity") return `${write.op} affinity ${write.affinity.state}`;
  return write.kind === "block" ? `${write.op} block` : `${write.op} handle`;
};

describe("the first pod of a node", () => {
  const plan = add(emptyCluster(readPool("default", { cidr: "10.64.0.0/20" })), "worker-49", "web-0");

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
  let snapshot = emptyCluster(readPool("p", { cidr: "10.64.0.0/24" }));
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
    expect(add(emptyCluster(pool), "ghost", "web-0", { nodeLabels: () => null }).error).toBe(
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
    const theirs = add(emptyCluster(pool), "node-a", "theirs").after;
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
    const before = add(emptyCluster(pool), "node-a", "web-0").after;
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
    const plan = add({ ...emptyCluster(wide), reservations }, "node-a", "web-0", { families: [6] });
    expect(plan.ips.map(formatAddress)).toEqual(["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffc0"]);
  });

  test("an IPv6 pool reserved as a whole is found exhausted at once", () => {
    const wide = readPool("six", { cidr: "fd00::/64" });
    const snapshot = { ...emptyCluster(wide), reservations: [{ name: "all", cidrs: [cidr("fd00::/48")] }] };
    expect(add(snapshot, "node-a", "web-0", { families: [6] }).error).toBe(
      "failed to request IPv6 addresses: Assigned 0 out of 1 requested IPv6 addresses; No IPs available in pools: [fd00::/64]",
    );
  });

  test("Windows: small blocks do not qualify, affinity must be strict, the shortfall names the reservation", () => {
    const windows = { windows: true };
    const small = emptyCluster(readPool("small", { cidr: "10.64.0.0/26", blockSize: 30 }));
    expect(add(small, "win", "web-0", windows).error).toBe("cannot find a qualified ippool");
    expect(add(emptyCluster(pool), "win", "web-0", windows).error).toBe(
      "global strict affinity should not be false for Windows node",
    );
    const config = { ...defaultIpamConfig, strictAffinity: true };
    const first = add(
      { ...emptyCluster(readPool("p", { cidr: "10.64.0.0/29", blockSize: 29 })), config },
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
    const snapshot = emptyCluster(readPool("p", { cidr: "10.64.0.0/28", blockSize: 30 }));
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
