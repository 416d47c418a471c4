import { afterAll, beforeAll, expect, test } from "vitest";
import { TestCluster } from "../testing/test-cluster.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
});
afterAll(() => cluster.stop());

test("a node made by hand is ready, has an address, and says which kubelet it has", async () => {
  await cluster.node("by-hand");
  expect(cluster.nodes.store.get("by-hand")?.status).toMatchObject({
    conditions: expect.arrayContaining([expect.objectContaining({ type: "Ready", status: "True" })]),
    addresses: [
      { type: "InternalIP", address: "172.18.0.2" },
      { type: "Hostname", address: "by-hand" },
    ],
    nodeInfo: { kubeletVersion: "v1.36.3", operatingSystem: "linux", architecture: "amd64" },
  });
});
