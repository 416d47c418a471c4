import { afterEach, expect, test, vi } from "vitest";
import { type ApiMode, servedKind } from "../calico/dialect.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { startInventory, stopInventory } from "../inventory/registry.ts";
import { type ClusterConnection, openCluster } from "../kube/connection.ts";
import { createObject, removeObject } from "../kube/objects.ts";
import { hurriedClock } from "../kube/testing/hurried-clock.ts";
import { readCluster } from "../server/read/cluster.ts";
import { type ApiServer, startApiServer } from "../sim/api/server.ts";
import { calicoCrds } from "../sim/schema/calico/crds.ts";
import { tutorial } from "../sim/scenarios/tutorial.ts";
import type { JsonObject } from "../sim/store/json.ts";
import { type StorageMode, storedIn } from "../sim/storage-mode.ts";

/** The cluster changes how it serves Calico's objects while Poolboard reads it. */

const definitions = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  namespaced: false,
};

let api: ApiServer;
let connection: ClusterConnection;
let inventory: Inventory;

const open = async (apiMode: ApiMode) => {
  api = await startApiServer({ apiMode });
  const options = { now: Date.now(), calicoVersion: "v3.32.1", mode: storedIn(apiMode) };
  api.seed(tutorial(options) as Iterable<JsonObject>);
  connection = await openCluster({ server: api.url }, { clock: hurriedClock(10) });
  inventory = startInventory(connection);
  await until(() => inventory.phase.status === "ready");
};
afterEach(async () => {
  await stopInventory();
  await connection.close();
  await api.close();
});

const until = async (isTrue: () => boolean) =>
  vi.waitFor(() => expect(isTrue()).toBe(true), { timeout: 8_000, interval: 10 });

async function change(verb: "create" | "remove", mode: StorageMode, only?: string): Promise<void> {
  for (const crd of calicoCrds("next", mode)) {
    const { name } = crd.metadata as { name: string };
    if (name.includes("tigera") || (only !== undefined && !name.startsWith(`${only}.`))) continue;
    if (verb === "create") await createObject(connection, { resource: definitions }, crd);
    else await removeObject(connection, { resource: definitions, name });
  }
}

const addPool = (mode: StorageMode, name: string) => {
  const resource = servedKind(mode, "IPPool");
  const apiVersion = `${resource.group}/${resource.version}`;
  const spec = { cidr: "10.64.0.0/20", blockSize: 26 };
  return createObject(connection, { resource }, { apiVersion, kind: "IPPool", metadata: { name }, spec });
};
const standard = "default-ipv4-ippool";
const poolNames = () => [...inventory.space.pools].map(({ name }) => name);
const apiNow = () => readCluster(inventory).calico;

test("v1 CRDs go and v3 CRDs come: read anew there, and nothing of before remains", async () => {
  await open("crd-v1");
  expect([apiNow().apiMode, poolNames()]).toEqual(["crd-v1", [standard]]);
  const { version } = inventory;
  await change("create", "native-v3");
  await addPool("native-v3", "of-v3");
  await change("remove", "crd-v1");
  await until(() => apiNow().apiMode === "native-v3" && inventory.phase.status === "ready");
  expect(poolNames()).toEqual(["of-v3"]);
  expect(inventory.version.split(".")[0]).not.toBe(version.split(".")[0]);
});

test("both sets of CRDs: the one that Calico uses, and why", async () => {
  await open("crd-v1");
  await change("create", "native-v3");
  await until(() => /both API groups/.test(apiNow().detectedBy));
  expect(apiNow()).toMatchObject({
    apiMode: "crd-v1",
    detectedBy: expect.stringMatching(/crd\.projectcalico\.org\/v1 is used, because nothing says otherwise/),
  });
});

test("one CRD goes and comes back: its objects are unknown meanwhile, all others stay", async () => {
  await open("crd-v1");
  await change("remove", "crd-v1", "ipreservations");
  await until(() => !inventory.states.knows("reservations"));
  expect(inventory.states.missing("reservations")?.reason).toMatch(/does not serve IP reservations/);
  expect([inventory.states.knows("pools"), poolNames()]).toEqual([true, [standard]]);
  await change("create", "crd-v1", "ipreservations");
  await until(() => inventory.states.knows("reservations"));
});

test("all CRDs go: the STOP page says so; they come back: read anew", async () => {
  await open("crd-v1");
  await change("remove", "crd-v1");
  await until(() => inventory.phase.status === "stopped");
  expect(apiNow()).toMatchObject({ detected: false, apiMode: null });
  await change("create", "crd-v1");
  await until(() => inventory.phase.status === "ready");
  expect(poolNames()).toEqual([]);
});

test("Calico's API server goes down: what it serves is stale, blocks live on; it comes back", async () => {
  await open("aggregated-v3");
  expect([apiNow().apiMode, poolNames(), inventory.stale]).toEqual(["aggregated-v3", [standard], false]);
  api.faults.aggregatedDown = true;
  await until(() => inventory.stale && /does not answer/.test(apiNow().detectedBy));
  const { name } = [...inventory.space.blocks][0] ?? { name: "" };
  await removeObject(connection, { resource: servedKind("aggregated-v3", "IPAMBlock"), name });
  await until(() => inventory.space.blocks.get("", name) === null);
  expect([apiNow().apiMode, poolNames()]).toEqual(["aggregated-v3", [standard]]);
  api.faults.aggregatedDown = false;
  await until(() => !inventory.stale && !/does not answer/.test(apiNow().detectedBy));
});

test("Poolboard starts while Calico's API server is down: pools are unknown, and are read once it is back", async () => {
  api = await startApiServer({ apiMode: "aggregated-v3" });
  api.seed(tutorial({ now: Date.now(), calicoVersion: "v3.32.1" }) as Iterable<JsonObject>);
  api.faults.aggregatedDown = true;
  connection = await openCluster({ server: api.url }, { clock: hurriedClock(10) });
  inventory = startInventory(connection);
  await until(
    () => inventory.states.knows("blocks") && /503/.test(inventory.states.missing("pools")?.reason ?? ""),
  );
  expect(apiNow().apiMode).toBe("aggregated-v3");
  api.faults.aggregatedDown = false;
  await until(() => inventory.phase.status === "ready");
  expect(poolNames()).toEqual([standard]);
});
