import { afterAll, beforeAll, expect, test } from "vitest";
import { createObject, getObject, removeObject } from "../../kube/objects.ts";
import { parsePool } from "../../calico/parse-pool.ts";
import { TestCluster } from "../testing/test-cluster.ts";

const pools = { group: "projectcalico.org", version: "v3", plural: "ippools", namespaced: false };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start({ scenario: "aggregated-v3" });
});
afterAll(() => cluster.stop());

test("a pool made through Calico's API server gives addresses; deleted there, its pods keep theirs", async () => {
  const body = {
    apiVersion: "projectcalico.org/v3",
    kind: "IPPool",
    metadata: { name: "through-v3", labels: { team: "edge" } },
    spec: { cidr: "172.22.0.0/24", blockSize: 28 },
  };
  await createObject(cluster.connection, { resource: pools }, body);
  const annotations = { "cni.projectcalico.org/ipv4pools": '["through-v3"]' };
  await cluster.pod("guest", { nodeName: "aggr-02" }, annotations);
  const { status } = await cluster.running("guest");
  expect(status?.podIP).toMatch(/^172\.22\.0\./);
  await removeObject(cluster.connection, { resource: pools, name: "through-v3" });
  await expect(getObject(cluster.connection, { resource: pools, name: "through-v3" })).rejects.toMatchObject({
    status: 404,
  });
  expect((await cluster.allocations())[status?.podIP ?? ""]).toBe("guest");
  await cluster.remove("pods", "guest");
});

test("the operator's label is hidden from the CRD and seen here", async () => {
  const name = "default-ipv4-ippool";
  const seen = parsePool(await getObject(cluster.connection, { resource: pools, name })).value;
  expect(seen?.labels).toEqual({ "app.kubernetes.io/managed-by": "tigera-operator" });
  const stored = await cluster.get("pools", name);
  expect(stored).not.toHaveProperty("metadata.labels");
  expect(parsePool(stored).value?.labels).toEqual(seen?.labels);
});
