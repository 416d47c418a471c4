import { describe, expect, test } from "vitest";
import { parseBlock } from "../../calico/parse-block.ts";
import { parseHandle } from "../../calico/parse-handle.ts";
import { parsePool } from "../../calico/parse-pool.ts";
import { formatAddress } from "../../ipam/address.ts";
import type { Block } from "../../ipam/block.ts";
import { addressAt, formatCidr } from "../../ipam/cidr.ts";
import { stringifyLossless } from "../../calico/lossless-json.ts";
import type { RawObject } from "./builder.ts";
import { storedIn } from "../storage-mode.ts";
import { large } from "./large.ts";
import { findScenario, scenarios } from "./registry.ts";

const options = { now: Date.parse("2026-11-24T10:00:00Z"), calicoVersion: "v3.32.1" };
const small = scenarios.filter(({ name }) => name !== "large");
const wellFormed = small.filter(({ name }) => name !== "odd-objects");

const load = (name: string): RawObject[] => {
  const scenario = findScenario(name);
  return [...(scenario?.objects({ ...options, mode: storedIn(scenario.apiMode ?? "crd-v1") }) ?? [])];
};
const ofKind = (objects: readonly RawObject[], kind: string) =>
  objects.filter((object) => object.kind === kind);

interface Allocation {
  readonly ip: string;
  readonly handle: string;
  readonly owner: Readonly<Record<string, string>>;
  readonly block: string;
}

function allocationsOf(block: Block): Allocation[] {
  return block.allocations.flatMap((index, ordinal) => {
    const entry = index === null ? undefined : block.attributes[index];
    if (!entry || entry.handle === null) return [];
    const ip = formatAddress(addressAt(block.cidr, ordinal));
    return [{ ip, handle: entry.handle, owner: entry.owner, block: formatCidr(block.cidr) }];
  });
}

function podAddresses(objects: readonly RawObject[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const pod of ofKind(objects, "Pod")) {
    const spec = pod["spec"] as { hostNetwork?: boolean };
    const status = pod["status"] as { podIPs?: readonly { ip: string }[] | null };
    if (spec.hostNetwork) continue;
    for (const { ip } of status.podIPs ?? []) found.set(ip, `${pod.metadata.namespace}/${pod.metadata.name}`);
  }
  return found;
}

test("names are unique and each story is one sentence", () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  for (const { story } of scenarios) expect(story).toMatch(/^[A-Z0-9].*\.$/);
});

describe.each(small.map(({ name }) => name))("%s", (name) => {
  test("is the same to the byte for the same time", () => {
    expect(stringifyLossless(load(name))).toBe(stringifyLossless(load(name)));
  });

  test("no object twice, every uid its own", () => {
    const objects = load(name);
    const places = objects.map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""} ${metadata.name}`,
    );
    expect(places.filter((place, at) => places.indexOf(place) !== at)).toEqual([]);
    expect(new Set(objects.map(({ metadata }) => metadata.uid)).size).toBe(objects.length);
  });
});

describe.each(wellFormed.map(({ name }) => name))("%s as Calico would have left it", (name) => {
  const objects = load(name);
  const blocks = ofKind(objects, "IPAMBlock").map((raw) => parseBlock(raw));
  const allocations = blocks.flatMap(({ value }) => (value ? allocationsOf(value) : []));

  test("nothing in it is odd", () => {
    const oddities = [...blocks, ...ofKind(objects, "IPPool").map((raw) => parsePool(raw))].flatMap(
      (parsed) => parsed.oddities,
    );
    expect(oddities).toEqual([]);
  });

  test("in every block each address is either in use or queued once", () => {
    for (const { value } of blocks) {
      const used = value?.allocations.filter((index) => index !== null).length ?? 0;
      expect(used + new Set(value?.queue).size).toBe(value?.allocations.length);
    }
  });

  test("handles count exactly what the blocks hold", () => {
    const held: Record<string, Record<string, number>> = {};
    for (const { handle, block } of allocations) {
      const counts = (held[handle] ??= {});
      counts[block] = (counts[block] ?? 0) + 1;
    }
    const handles = ofKind(objects, "IPAMHandle").map((raw) => parseHandle(raw).value);
    expect(
      Object.fromEntries(handles.map((handle) => [handle?.id, Object.fromEntries(handle?.blocks ?? [])])),
    ).toEqual(held);
  });

  test("every pod address is allocated to that pod", () => {
    if (name === "not-calico") return;
    const owners = new Map(allocations.map(({ ip, owner }) => [ip, `${owner["namespace"]}/${owner["pod"]}`]));
    for (const [ip, pod] of podAddresses(objects)) expect([ip, owners.get(ip)]).toEqual([ip, pod]);
  });

  test("every tunnel address is the node's annotation, and the first of its block where the node owns it", () => {
    const annotated = new Map(
      ofKind(objects, "Node").flatMap(({ metadata }) =>
        Object.entries(metadata.annotations ?? {})
          .filter(([key]) => /(TunnelAddr|WireguardInterfaceAddr)$/.test(key))
          .map(([, ip]) => [ip, metadata.name] as const),
      ),
    );
    const tunnels = allocations.filter(({ owner }) => owner["type"]?.endsWith("TunnelAddress"));
    expect(new Map(tunnels.map(({ ip, owner }) => [ip, owner["node"]]))).toEqual(annotated);
  });
});

const inUse = (objects: readonly RawObject[], within: RegExp) =>
  ofKind(objects, "IPAMBlock")
    .map((raw) => parseBlock(raw).value)
    .filter((block) => block !== null && within.test(formatCidr(block.cidr)))
    .flatMap((block) => block?.allocations.filter((index) => index !== null) ?? []).length;

test("the tutorial starts with 36 addresses in four blocks, the control plane tainted", () => {
  const objects = load("tutorial");
  expect(inUse(objects, /^10\.255\./)).toBe(36);
  expect(
    ofKind(objects, "IPAMBlock")
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual(["10-255-108-128-26", "10-255-129-128-26", "10-255-140-64-26", "10-255-96-64-26"]);
  const [first] = ofKind(objects, "Node");
  expect(first).toMatchObject({
    metadata: { name: "s666dan4150", annotations: { "projectcalico.org/IPv4Address": "10.250.12.184/24" } },
    spec: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] },
  });
});

test("nearly-full leaves six addresses, full-by-blocks no block and nine tenths of the addresses", () => {
  expect(inUse(load("nearly-full"), /^10\.20\.0\./)).toBe(250);
  const rack = load("full-by-blocks");
  expect(ofKind(rack, "IPAMBlock")).toHaveLength(16);
  expect(inUse(rack, /^10\.30\./)).toBeLessThan(103);
  expect(JSON.stringify(ofKind(rack, "Event"))).toContain(
    "No more free affine blocks and strict affinity enabled",
  );
});

test("busy has what dashboards are drawn for", () => {
  const objects = load("busy");
  const share = inUse(objects, /^10\.80\./) / 512;
  expect(share).toBeGreaterThan(0.9);
  expect(share).toBeLessThan(0.95);
  const blocks = ofKind(objects, "IPAMBlock").map((raw) => parseBlock(raw).value);
  expect(blocks.some((block) => block?.affinity === null)).toBe(true);
  expect(blocks.some((block) => block?.attributes.some(({ releasedAt }) => releasedAt !== null))).toBe(true);
  const borrowed = (block: Block) =>
    allocationsOf(block).some(
      ({ owner }) => owner["pod"] && block.affinity && owner["node"] !== block.affinity.name,
    );
  expect(blocks.some((block) => block && borrowed(block))).toBe(true);
  expect(ofKind(objects, "IPPool")).toHaveLength(10);
  expect(ofKind(objects, "Event")).not.toHaveLength(0);
});

test("large in small: as many objects as asked for, each pod with its address", () => {
  const objects = [...large({ ...options, nodes: 20, pods: 600, blocks: 31 })];
  expect(ofKind(objects, "Node")).toHaveLength(20);
  expect(ofKind(objects, "Pod")).toHaveLength(600);
  expect(ofKind(objects, "IPAMBlock")).toHaveLength(31);
  const allocated = ofKind(objects, "IPAMBlock").flatMap((raw) => {
    const { value } = parseBlock(raw);
    return value ? allocationsOf(value) : [];
  });
  expect(new Set(allocated.map(({ ip }) => ip)).size).toBe(620);
  const owners = new Map(allocated.map(({ ip, owner }) => [ip, `${owner["namespace"]}/${owner["pod"]}`]));
  for (const [ip, pod] of podAddresses(objects)) expect(owners.get(ip)).toBe(pod);
});
