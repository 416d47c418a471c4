import { afterEach, describe, expect, test, vi } from "vitest";
import { record } from "../calico/reading.ts";
import { parseBlock } from "../calico/parse-block.ts";
import { AddressList } from "../contract/addresses.ts";
import { BlockDetail, BlockList } from "../contract/blocks.ts";
import { Cluster } from "../contract/cluster.ts";
import type { List } from "../contract/common.ts";
import { Impact } from "../contract/impact.ts";
import { NamespaceList } from "../contract/namespaces.ts";
import { NodeList } from "../contract/nodes.ts";
import { PodList } from "../contract/pods.ts";
import { PoolList } from "../contract/pools.ts";
import { KubernetesEventList } from "../contract/pool-events.ts";
import { decodePoolMap } from "../contract/pool-map.ts";
import { cidrSet } from "../ipam/cidr-set.ts";
import { utilization } from "../ipam/utilization.ts";
import { servedKind } from "../calico/dialect.ts";
import { discover } from "../inventory/discover.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { type Kind, kinds } from "../inventory/kinds.ts";
import { currentInventory, startInventory, stopInventory } from "../inventory/registry.ts";
import { type ClusterConnection, openCluster } from "../kube/connection.ts";
import { createObject, listAll, mergePatch, removeObject } from "../kube/objects.ts";
import { listAddresses } from "../server/read/addresses.ts";
import { listBlocks, readBlock } from "../server/read/blocks.ts";
import { changeFeed } from "../server/read/change-feed.ts";
import { readCluster } from "../server/read/cluster.ts";
import { printIpamShow } from "../server/read/ipam-show.ts";
import { listNamespaces } from "../server/read/namespaces.ts";
import { listNodes } from "../server/read/nodes.ts";
import { listPods } from "../server/read/pods.ts";
import { readPoolEvents } from "../server/read/pool-events.ts";
import { readPoolImpact } from "../server/read/pool-impact.ts";
import { readPoolMap } from "../server/read/pool-map.ts";
import { readPoolYaml } from "../server/read/pool-yaml.ts";
import { listPools, readPool } from "../server/read/pools.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "../sim/cluster.ts";
import { ipamShowBlocks } from "../sim/testing/tutorial.ts";

/** The whole read path: embedded cluster, Kubernetes HTTP, reflectors, inventory, use cases, contract. */

let cluster: EmbeddedCluster | null = null;
let connection: ClusterConnection | null = null;

async function open(scenario: string): Promise<{ inventory: Inventory; connection: ClusterConnection }> {
  cluster = await startEmbeddedCluster({ scenario, controllers: false, churn: false });
  connection = await openCluster({ server: cluster.api.url });
  const inventory = startInventory(connection);
  let told = "";
  inventory.changes.subscribe((change) => (told = change.version));
  const isWaiting = (kind: Kind) =>
    /not been (read|asked)/.test(inventory.states.missing(kind)?.reason ?? "");
  // Pods and events come after the pages are usable; and what came is told before a test looks for more.
  await vi.waitFor(
    () => {
      if (inventory.phase.status === "stopped") return;
      expect(kinds.filter(isWaiting)).toEqual([]);
      expect(told).toBe(inventory.version);
    },
    { timeout: 10_000, interval: 10 },
  );
  return { inventory, connection };
}

afterEach(async () => {
  await stopInventory();
  await connection?.close();
  await cluster?.close();
});

function everyPage<Item>(list: (query: { limit: number; offset: number }) => List<Item>): Item[] {
  const items: Item[] = [];
  for (;;) {
    const page = list({ limit: 500, offset: items.length });
    items.push(...(page.items ?? []));
    if (page.next === undefined) return items;
  }
}

const scenarios = [
  "empty",
  "tutorial",
  "tutorial-done",
  "nearly-full",
  "full-by-blocks",
  "borrowed",
  "dual-stack",
  "odd-objects",
  "forbidden",
  "busy",
];

describe.each(scenarios)("%s", (scenario) => {
  test("is read whole, and every answer has the shape of the contract", async () => {
    const { inventory, connection: viewer } = await open(scenario);
    expect(Cluster.parse(readCluster(inventory)).calico).toMatchObject({ detected: true, apiMode: "crd-v1" });
    PoolList.parse(listPools(inventory, {}));
    BlockList.parse(listBlocks(inventory, {}));
    AddressList.parse(await listAddresses(inventory, { limit: 500 }));
    NamespaceList.parse(listNamespaces(inventory, {}));
    NodeList.parse(listNodes(inventory, {}));
    PodList.parse(await listPods(inventory, {}));
    const pools = everyPage((page) => listPools(inventory, page));
    for (const { name } of pools) {
      Impact.parse(await readPoolImpact(inventory, name, "disable", viewer));
      KubernetesEventList.parse(await readPoolEvents(inventory, viewer, name));
      expect(await readPoolYaml(inventory, viewer, name)).toContain(`name: ${name}`);
      if (inventory.states.knows("blocks"))
        expect(decodePoolMap(readPoolMap(inventory, name).body.buffer).header.pool).toBe(name);
    }
    for (const { name } of everyPage((page) => listBlocks(inventory, page)))
      BlockDetail.parse(readBlock(inventory, name));
  });

  test("counts what the model counts of the same objects", async () => {
    const { inventory, connection: reader } = await open(scenario);
    if (!inventory.states.knows("blocks")) {
      expect(listPools(inventory, {}).items?.[0]?.usage.inUse).toBeNull();
      return;
    }
    const { items } = await listAll(reader, servedKind("crd-v1", "IPAMBlock"));
    const blocks = items.flatMap((raw) => parseBlock(raw).value ?? []);
    const reservations = cidrSet([...inventory.space.reservations].flatMap((row) => row.cidrs));
    const uses = utilization(
      [...inventory.space.pools].map((row) => row.pool),
      blocks,
      reservations,
    );
    const counted = uses.flatMap(({ pool, inUse, reserved, free }) =>
      pool ? [[pool.name, inUse, reserved, free].map(String)] : [],
    );
    const shown = everyPage((page) => listPools(inventory, page)).map(({ name, usage }) => [
      name,
      usage.inUse,
      usage.reserved,
      usage.free,
    ]);
    expect(shown).toEqual(counted);
  });
});

test("not-calico: a stop with its reason, and nothing is read", async () => {
  const { inventory } = await open("not-calico");
  expect(inventory.phase.status).toBe("stopped");
  expect(readCluster(inventory).calico).toMatchObject({ detected: false, apiMode: null, ipam: "HostLocal" });
  expect(() => listPools(inventory, {})).toThrow(
    expect.objectContaining({ status: 409, code: "not-calico-ipam" }),
  );
  expect(inventory.states.knows("pods")).toBe(false);
});

test("the tutorial's table after Step 5, to the character", async () => {
  const { inventory } = await open("tutorial-done");
  expect(printIpamShow(inventory, { blocks: true, format: "text" })).toBe(ipamShowBlocks);
});

test("what others change is told to viewers, and what comes is there at once", async () => {
  const { inventory, connection: writer } = await open("tutorial-done");
  const frames: string[] = [];
  changeFeed(inventory).open(null, (frame) => frames.push(new TextDecoder().decode(frame.plain)));
  const pools = servedKind("crd-v1", "IPPool");
  await mergePatch(writer, { resource: pools, name: "external-pool" }, { spec: { disabled: true } });
  await vi.waitFor(
    () => expect(frames.some((frame) => frame.includes('"name":"external-pool"'))).toBe(true),
    { interval: 5 },
  );
  expect(readPool(inventory, "external-pool").state.reason).toBe("Draining");
  const spec = { cidr: "10.99.0.0/24", blockSize: 26, nodeSelector: "all()" };
  await createObject(
    writer,
    { resource: pools },
    { apiVersion: "crd.projectcalico.org/v1", kind: "IPPool", metadata: { name: "new" }, spec },
  );
  await vi.waitFor(() => expect(readPool(inventory, "new").usage.capacity).toBe("256"), { interval: 5 });
  await removeObject(writer, { resource: pools, name: "new" });
  await vi.waitFor(
    () => expect(frames.some((frame) => frame.includes('"removed":{"pools":["new"]'))).toBe(true),
    { interval: 5 },
  );
  const namespaces = { group: "", version: "v1", plural: "namespaces", namespaced: false };
  const annotations = { "cni.projectcalico.org/ipv4pools": '["internal-pool"]' };
  const written = record(
    record(await mergePatch(writer, { resource: namespaces, name: "default" }, { metadata: { annotations } }))
      .metadata,
  );
  await vi.waitFor(
    () => {
      const [found] = listNamespaces(inventory, { q: "default" }).items ?? [];
      expect(found).toMatchObject({
        resourceVersion: written.resourceVersion,
        pools: { ipv4: ["internal-pool"] },
      });
    },
    { interval: 5 },
  );
});

test("without an Installation and a CNI configuration, blocks and the addresses of pods tell", async () => {
  const { connection: reader } = await open("tutorial-done");
  const installations = {
    group: "operator.tigera.io",
    version: "v1",
    plural: "installations",
    namespaced: false,
  };
  await removeObject(reader, { resource: installations, name: "default" });
  const daemonSets = { group: "apps", version: "v1", plural: "daemonsets", namespaced: true };
  await removeObject(reader, { resource: daemonSets, namespace: "calico-system", name: "calico-node" });
  const found = await discover(reader);
  expect(found).toMatchObject({
    detected: true,
    cni: "Calico",
    ipam: "Calico",
    apiMode: "crd-v1",
    version: "v3.32.1",
    stopReason: null,
  });
  expect(found.detectedBy).toMatch(/^10 IPAM blocks; \d+ pods have an address in one, 0 have not$/);
});

test("one inventory a process, until it is stopped", async () => {
  const { inventory, connection: same } = await open("empty");
  expect(startInventory(same)).toBe(inventory);
  expect(currentInventory()).toBe(inventory);
  await stopInventory();
  expect(currentInventory()).toBeNull();
});
