import { servedKind } from "../../calico/dialect.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Pool } from "../../contract/pools.ts";
import { createObject } from "../../kube/objects.ts";
import { external, type PoolWorld, startPoolWorld } from "./testing-pools.ts";

const affinityResource = servedKind("crd-v1", "BlockAffinity");
const blockResource = servedKind("crd-v1", "IPAMBlock");

let world: PoolWorld;
beforeEach(async () => {
  world = await startPoolWorld();
});
afterEach(() => world.stop());

const seen = ({ uid, resourceVersion, name }: Pool) => ({ uid, resourceVersion, confirm: name });
const block = (cidr: string, node: string) => ({
  apiVersion: "crd.projectcalico.org/v1",
  kind: "IPAMBlock",
  metadata: { name: cidr.replaceAll(/[./]/g, "-") },
  spec: {
    cidr,
    affinity: `host:${node}`,
    allocations: Array<number | null>(64).fill(null),
    unallocated: Array.from({ length: 64 }, (_, ordinal) => ordinal),
    attributes: [] as object[],
    sequenceNumber: 12,
    deleted: false,
    strictAffinity: false,
  },
});
const affinity = (cidr: string, node: string) => ({
  apiVersion: "crd.projectcalico.org/v1",
  kind: "BlockAffinity",
  metadata: { name: `${node}-${cidr.replaceAll(/[./]/g, "-")}` },
  spec: { cidr, node, state: "confirmed", type: "host", deleted: "false" },
});
const addBlock = async (cidr: string, node: string, change?: (raw: ReturnType<typeof block>) => void) => {
  const raw = block(cidr, node);
  change?.(raw);
  await createObject(world.connection, { resource: blockResource }, raw);
  await createObject(world.connection, { resource: affinityResource }, affinity(cidr, node));
};
test("disable, wait, release the empty blocks, delete: in that order, and nothing is left", async () => {
  const before = await world.createdPool(external);
  const [blocks, affinities] = [await world.count(blockResource), await world.count(affinityResource)];
  await addBlock("10.64.0.64/26", "s666dan4151");
  await addBlock("10.64.1.128/26", "s666dan4152");
  const { status, body } = await world.write("DELETE", "external-pool", seen(before));
  expect(status).toBe(200);
  expect(body).toMatchObject({
    steps: [
      { name: "check", outcome: "done" },
      { name: "disable", outcome: "done" },
      { name: "wait", outcome: "done" },
      { name: "releaseAffinities", outcome: "done", detail: expect.stringMatching(/^2 /) },
      { name: "delete", outcome: "done" },
    ],
  });
  expect(await world.names()).toEqual(["default-ipv4-ippool"]);
  expect([await world.count(blockResource), await world.count(affinityResource)]).toEqual([
    blocks,
    affinities,
  ]);
  expect(world.inventory.space.pools.get("", "external-pool")).toBeNull();
});

test("a dry run plans the steps and does none of them", async () => {
  const before = await world.createdPool(external);
  await addBlock("10.64.0.64/26", "s666dan4151");
  const { body } = await world.write("DELETE", "external-pool?dryRun=true", seen(before));
  expect(body).toMatchObject({
    steps: [
      { outcome: "done" },
      { outcome: "planned" },
      { outcome: "planned" },
      { outcome: "planned" },
      { outcome: "planned" },
    ],
  });
  expect(await world.stored("pool", "external-pool")).not.toHaveProperty("spec.disabled");
});

test("with an address in use nothing is done", async () => {
  const before = await world.createdPool(external);
  await addBlock("10.64.0.64/26", "s666dan4151", ({ spec }) => {
    spec.allocations[3] = 0;
    spec.unallocated = spec.unallocated.filter((ordinal) => ordinal !== 3);
    spec.attributes.push({
      handle_id: "k8s-pod-network.abc",
      secondary: { pod: "web", namespace: "shop", node: "s666dan4151" },
    });
  });
  const answer = await world.write("DELETE", "external-pool", seen(before));
  expect(answer).toMatchObject({
    status: 409,
    body: { code: "in-use", detail: expect.stringContaining("1 pod") },
  });
  expect(await world.stored("pool", "external-pool")).not.toHaveProperty("spec.disabled");
});

test.each([
  ["another name typed", (body: ReturnType<typeof seen>) => ({ ...body, confirm: "external" }), 422],
  ["an older version seen", (body: ReturnType<typeof seen>) => ({ ...body, resourceVersion: "1" }), 409],
  ["another object seen", (body: ReturnType<typeof seen>) => ({ ...body, uid: "x" }), 409],
])("%s: nothing is done", async (_, change, status) => {
  const before = await world.createdPool(external);
  expect(await world.write("DELETE", "external-pool", change(seen(before)))).toMatchObject({
    status,
  });
  expect(await world.stored("pool", "external-pool")).not.toBeNull();
});

test("what ended half way is gone on with from the pool as it is then", async () => {
  const before = await world.createdPool(external);
  await addBlock("10.64.0.64/26", "s666dan4151");
  await addBlock("10.64.1.128/26", "s666dan4152");
  world.api.faults.add({ kind: "status", code: 409, resource: "ippools", verb: "delete", times: 1 });
  const first = await world.write("DELETE", "external-pool", seen(before));
  expect(first).toMatchObject({
    status: 200,
    body: {
      steps: [{}, { outcome: "done" }, {}, { outcome: "done" }, { name: "delete", outcome: "failed" }],
    },
  });
  const metadata = (await world.stored("pool", "external-pool"))?.metadata as { resourceVersion: string };
  const { resourceVersion } = metadata;
  expect(resourceVersion).not.toBe(before.resourceVersion);
  const second = await world.write("DELETE", "external-pool", { ...seen(before), resourceVersion });
  expect(second).toMatchObject({
    status: 200,
    body: {
      steps: [
        { name: "check", outcome: "done" },
        { name: "disable", outcome: "done", detail: "It is disabled already." },
        { name: "wait", outcome: "done" },
        { name: "releaseAffinities", outcome: "done", detail: expect.stringMatching(/^0 /) },
        { name: "delete", outcome: "done" },
      ],
    },
  });
  expect(await world.names()).toEqual(["default-ipv4-ippool"]);
});
