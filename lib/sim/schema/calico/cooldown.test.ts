import { afterAll, beforeAll, expect, test } from "vitest";
import { TestCluster } from "../../api/testing.ts";

const group = "/apis/crd.projectcalico.org/v1";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start({ calicoVersion: "v3.32.1" });
});
afterAll(() => cluster.server.close());

test("a cooldown is known whatever version is claimed, and so are the addresses that cool", async () => {
  const config = {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPAMConfig",
    metadata: { name: "default" },
    spec: { strictAffinity: false, autoAllocateBlocks: true, ipCooldownSeconds: 20 },
  };
  expect(await cluster.post(`${group}/ipamconfigs?fieldValidation=Strict`, config)).toMatchObject({
    status: 201,
    body: { spec: { ipCooldownSeconds: 20 } },
  });
  const attributes = [{ releasedAt: "2026-08-22T12:00:00Z" }];
  const block = {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPAMBlock",
    metadata: { name: "10-0-0-0-31" },
    spec: {
      cidr: "10.0.0.0/31",
      allocations: [0, null],
      unallocated: [1],
      attributes,
      strictAffinity: false,
    },
  };
  expect(await cluster.post(`${group}/ipamblocks?fieldValidation=Strict`, block)).toMatchObject({
    status: 201,
    body: { spec: { attributes } },
  });
});
