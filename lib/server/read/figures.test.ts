import { describe, expect, test } from "vitest";
import { NamespaceList } from "../../contract/namespaces.ts";
import { NodeList } from "../../contract/nodes.ts";
import { type Pool, PoolList } from "../../contract/pools.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { checkpointsOf, inventoryOf, type RawCluster } from "../../inventory/testing.ts";
import { findScenario } from "../../sim/scenarios/registry.ts";
import { storedIn } from "../../sim/storage-mode.ts";
import { configure } from "../testing.ts";
import { readIpamShow } from "./ipam-show.ts";
import { listNamespaces } from "./namespaces.ts";
import { listNodes } from "./nodes.ts";
import { listPools } from "./pools.ts";

const kindOf: Readonly<Record<string, Kind>> = {
  IPPool: "pools",
  IPAMBlock: "blocks",
  BlockAffinity: "affinities",
  IPAMConfig: "ipamConfig",
  IPReservation: "reservations",
  Node: "nodes",
  Namespace: "namespaces",
};

/** What a scenario of the embedded cluster starts with. */
function scenario(name: string): RawCluster {
  const found = findScenario(name);
  const mode = storedIn(found?.apiMode ?? "crd-v1");
  const now = Date.parse("2026-08-22T13:00:00Z");
  const cluster: Partial<Record<Kind, unknown[]>> = {};
  for (const object of found?.objects({ now, calicoVersion: "v3.33.0", mode }) ?? []) {
    const kind = kindOf[String(object.kind)];
    // The API server gives versions.
    const metadata = { ...object.metadata, resourceVersion: "1" };
    if (kind !== undefined) (cluster[kind] ??= []).push({ ...object, metadata });
  }
  return cluster;
}

const scenarioNames = [
  "tutorial",
  "tutorial-done",
  "busy",
  "nearly-full",
  "full-by-blocks",
  "borrowed",
  "dual-stack",
  "native-v3",
  "odd-objects",
];
const recordingNames = [
  "borrowing",
  "churn-tight",
  "exhausted",
  "limits",
  "orphans",
  "overflow",
  "reserved",
  "tunnels",
];

const clusters: readonly (readonly [name: string, cluster: RawCluster])[] = [
  ...scenarioNames.map((name) => [name, scenario(name)] as const),
  ...recordingNames.flatMap((name) =>
    checkpointsOf(name).map(({ cluster }, index) => [`${name} ${index}`, cluster] as const),
  ),
];

const sum = (counts: Iterable<string | number | null>) => {
  let total = 0n;
  for (const count of counts) total += BigInt(count ?? Number.NaN);
  return total;
};

describe.each(clusters)("%s", (_name, cluster) => {
  const inventory = inventoryOf(cluster);
  const pools = PoolList.parse(listPools(inventory, {})).items ?? [];
  const nodes = NodeList.parse(listNodes(inventory, { limit: 500 }));
  const namespaces = NamespaceList.parse(listNamespaces(inventory, { limit: 500 }));

  test("the parts of a pool add up to its capacity, and are what ipam show prints", () => {
    const shown = readIpamShow(inventory, { blocks: false, layout: "v3.33" });
    for (const { name, usage, fragmentation } of pools) {
      const { pod, tunnel, loadBalancer, vm, windows, other } = usage.byKind;
      const kinds = [pod, tunnel, loadBalancer, vm, windows, other, usage.cooling];
      expect(sum(kinds)).toBe(sum([usage.inUse]));
      expect(sum([...kinds, usage.reservedUnused, usage.free])).toBe(sum([usage.capacity]));
      const row = shown.rows.find((each) => each.grouping === "IP Pool" && each.pool === name);
      expect(row).toMatchObject({ inUse: usage.inUse, free: usage.free });
      expect(BigInt(fragmentation.stranded ?? Number.NaN)).toBeLessThanOrEqual(sum([usage.freeInBlocks]));
    }
  });

  test("what nodes have in each pool adds up to what they have, and to no more than the pool has", () => {
    for (const node of nodes.items ?? []) {
      for (const field of ["blocks", "used", "borrowed"] as const)
        expect(sum(node.pools?.map((share) => share[field]) ?? [])).toBe(sum([node[field]]));
    }
    expect(sum([nodes.inUse])).toBe(sum((nodes.items ?? []).map((node) => node.used)));
    for (const pool of pools) {
      const here = (nodes.items ?? []).flatMap(
        (node) => node.pools?.filter((share) => share.pool === pool.name) ?? [],
      );
      const asked = listNodes(inventory, { pool: pool.name, limit: 500 });
      expect(asked.total).toBe(here.length);
      expect(sum([asked.inUse])).toBe(sum(here.map((share) => share.used)));
      expect(sum([asked.inUse])).toBeLessThanOrEqual(sum([pool.usage.inUse]));
      expect(sum(here.map((share) => share.blocks))).toBeLessThanOrEqual(sum([pool.blocks.claimed]));
    }
  });

  test("what namespaces hold adds up, for one pool and for all", () => {
    const held = (namespaces.items ?? []).flatMap((namespace) => namespace.usage ?? []);
    expect(sum([namespaces.inUse])).toBe(sum(held.map((each) => each.inUse)));
    for (const { name, usage } of pools) {
      const asked = listNamespaces(inventory, { pool: name, sort: "-inUse", limit: 500 });
      const here = (asked.items ?? []).map(
        (namespace) => namespace.usage?.find((each) => each.pool === name)?.inUse ?? "0",
      );
      expect(sum([asked.inUse])).toBe(sum(here));
      expect(here.map(Number)).toEqual(here.map(Number).sort((one, other) => other - one));
      expect(sum([asked.inUse])).toBeLessThanOrEqual(sum([usage.inUse]));
    }
  });
});

const judged = (name: string, pool: string): Pool["fragmentation"] & Pool["nodes"] => {
  const found = listPools(inventoryOf(scenario(name)), {}).items?.find((each) => each.name === pool);
  if (!found) throw new Error(`${name} has no ${pool}`);
  return { ...found.fragmentation, ...found.nodes };
};

test.each([
  [
    "full-by-blocks",
    "rack-pool",
    { newNode: "refused", stranded: "946", blocksWithFree: "16", fit: "0", eligible: 18, withoutBlock: 2 },
  ],
  [
    "borrowed",
    "shared-pool",
    { newNode: "borrows", stranded: "142", blocksWithFree: "4", fit: "0", withoutBlock: 3 },
  ],
  ["borrowed", "default-ipv4-ippool", { newNode: "claims", stranded: "0" }],
  ["nearly-full", "pods-east", { newNode: "borrows", stranded: "6", fit: "0" }],
  ["tutorial", "default-ipv4-ippool", { newNode: "claims", stranded: "0", serves: true }],
  ["busy", "edge-lb", { newNode: null, serves: false }],
  ["busy", "legacy-ipip", { newNode: null, serves: false }],
  ["busy", "gpu-pool", { newNode: null, serves: false, eligible: 0 }],
])("%s: the room of %s", (name, pool, expected) => {
  expect(judged(name, pool)).toMatchObject(expected);
});

test("who has the most comes first, and among equals the first by name", () => {
  const inventory = inventoryOf(scenario("borrowed"));
  const { items } = listNodes(inventory, { pool: "shared-pool", sort: "-inUse", limit: 5 });
  expect(items?.map(({ name }) => name)).toEqual(["node-02", "node-03", "node-04", "node-05", "node-06"]);
});

test("every pool has the thresholds that the server was started with", () => {
  const thresholdsOf = () =>
    listPools(inventoryOf(scenario("tutorial")), {}).items?.map((pool) => pool.thresholds);
  expect(thresholdsOf()).toEqual([{ warn: 75, crit: 90 }]);
  configure({ thresholds: { warn: 50, crit: 60 } });
  expect(thresholdsOf()).toEqual([{ warn: 50, crit: 60 }]);
});
