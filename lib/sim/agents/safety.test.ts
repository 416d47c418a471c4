import { expect, onTestFinished, test } from "vitest";
import { type ApiMode, typeOf } from "../../calico/dialect.ts";
import { type ClusterConnection, openCluster } from "../../kube/connection.ts";
import { createObject } from "../../kube/objects.ts";
import { startApiServer } from "../api/server.ts";
import { sharedInformers } from "../controllers/informer.ts";
import { resources } from "../controllers/resources.ts";
import type { Pod } from "../kube-objects.ts";
import { calicoResources, type StorageMode } from "../storage-mode.ts";
import { Watched } from "../testing/watched.ts";
import { startNodeAgents } from "./run.ts";
import { AgentsRefused, checkForAgents } from "./safety.ts";

const definitions = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  namespaced: false,
};
const leases = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "leases.coordination.k8s.io" },
  spec: {
    group: "coordination.k8s.io",
    names: { kind: "Lease", plural: "leases" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

/** An API server without controllers and agents, as a cluster without kubelets is. */
async function bareCluster(apiMode: ApiMode, calicoVersion: string | null): Promise<ClusterConnection> {
  const api = await startApiServer({ apiMode, calicoVersion });
  const connection = await openCluster({ server: api.url });
  // The embedded API server knows no leases by itself.
  await createObject(connection, { resource: definitions }, leases);
  onTestFinished(async () => {
    await connection.close();
    await api.close();
  });
  return connection;
}

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec: { nodeName: "n", containers: [{ name: "main", image: "nginx" }] },
};

test.each<[ApiMode, StorageMode]>([
  ["crd-v1", "crd-v1"],
  ["aggregated-v3", "crd-v1"],
  ["native-v3", "native-v3"],
])("on a cluster that serves %s they work on %s, and pods get addresses", async (apiMode, expected) => {
  const connection = await bareCluster(apiMode, "v3.32.1");
  const mode = await checkForAgents(connection);
  expect(mode).toBe(expected);
  const agents = startNodeAgents(connection, sharedInformers(connection), { mode });
  const pods = await Watched.start<Pod>(connection, resources.pods);
  onTestFinished(async () => {
    await pods.stop();
    await agents.stop();
  });
  await agents.ready;
  const { pools, clusterInformations } = calicoResources(mode);
  await createObject(
    connection,
    { resource: clusterInformations },
    {
      ...typeOf(mode, "ClusterInformation"),
      metadata: { name: "default" },
      spec: { datastoreReady: true },
    },
  );
  const spec = { cidr: "10.64.0.0/20", blockSize: 26 };
  await createObject(
    connection,
    { resource: pools },
    { ...typeOf(mode, "IPPool"), metadata: { name: "a" }, spec },
  );
  await createObject(
    connection,
    { resource: resources.nodes },
    { apiVersion: "v1", kind: "Node", metadata: { name: "n" } },
  );
  await createObject(connection, { resource: resources.pods, namespace: "default" }, pod);
  const ip = await pods.until("p runs", (store) => store.get("p", "default")?.status?.podIP ?? null);
  expect(ip).toMatch(/^10\.64\./);
});

test("they refuse a cluster without Calico's kinds, and one whose nodes have kubelets", async () => {
  await expect(checkForAgents(await bareCluster("crd-v1", null))).rejects.toThrow(
    /does not serve ipamblocks\.crd\.projectcalico\.org\/v1/,
  );
  const connection = await bareCluster("crd-v1", "v3.32.1");
  const lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "busy-node" },
    spec: { renewTime: new Date().toISOString().replace("Z", "000Z") },
  };
  await createObject(connection, { resource: resources.leases, namespace: "kube-node-lease" }, lease);
  await expect(checkForAgents(connection)).rejects.toThrow(AgentsRefused);
});
