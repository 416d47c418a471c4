import { afterAll, beforeAll, expect, test } from "vitest";
import { POOL_FINALIZER } from "../calico/dialect.ts";
import { parseAffinity } from "../calico/parse-affinity.ts";
import { listAll } from "../kube/objects.ts";
import type { Condition, KubeObject } from "./kube-objects.ts";
import { calicoResources } from "./storage-mode.ts";
import { TestCluster } from "./testing/test-cluster.ts";
import { Watched } from "./testing/watched.ts";

interface PoolObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const { affinities, blocks, pools: poolResource } = calicoResources("native-v3");

let cluster: TestCluster;
let pools: Watched<PoolObject>;
beforeAll(async () => {
  cluster = await TestCluster.start({ scenario: "native-v3" });
  pools = await Watched.start<PoolObject>(cluster.connection, poolResource);
});
afterAll(async () => {
  await pools.stop();
  await cluster.stop();
});

const reasons = () =>
  Object.fromEntries(
    [...pools.store.values()].map(({ metadata, status }) => [
      metadata.name,
      status?.conditions?.map(({ reason }) => reason).join(),
    ]),
  );

const reasonBecomes = (name: string, reason: string) =>
  pools.until(`${name} is ${reason}`, () => (reasons()[name] === reason ? true : null));

test("the controller finds the world as it would have left it", async () => {
  const before = new Map([...pools.store.values()].map(({ metadata }) => [metadata.name, metadata]));
  expect(reasons()).toEqual({
    "burst-2025": "Terminating",
    "default-ipv4-ippool": "OK",
    "external-pool": "OK",
    "internal-pool": "OK",
    "legacy-ipip": "PoolDisabled",
    "staging-pool": "CIDROverlap",
  });
  // A pool made now is judged after all the others.
  await cluster.pool("probe", "172.20.0.0/24");
  await reasonBecomes("probe", "OK");
  for (const [name, { resourceVersion }] of before)
    expect([name, pools.store.get(name)?.metadata.resourceVersion]).toEqual([name, resourceVersion]);
  await cluster.remove("pools", "probe");
  await pools.until("probe is gone", (store) => (store.get("probe") ? null : true));
});

test("pods get addresses, and claims have flags where the v1 group has texts", async () => {
  await cluster.node("native-new");
  await cluster.pod("fresh", { nodeName: "native-new" });
  const { status } = await cluster.running("fresh");
  expect((await cluster.allocations())[status?.podIP ?? ""]).toBe("fresh");
  const { items } = await listAll(cluster.connection, affinities);
  const own = items.find((raw) => parseAffinity(raw).value?.owner.name === "native-new");
  expect(own).toMatchObject({
    apiVersion: "projectcalico.org/v3",
    spec: { deleted: false, state: "confirmed" },
  });
  expect(own).not.toMatchObject({ metadata: { annotations: expect.anything() as unknown } });
  await cluster.remove("pods", "fresh");
});

test.each<[string, string, string]>([
  ["overlapping", "staging-pool", "10.64.8.0/22"],
  ["terminating", "burst-2025", "10.96.0.0/20"],
  ["disabled", "legacy-ipip", "10.48.0.0/18"],
])("a pod that names the %s pool is refused", async (state, name, cidr) => {
  const annotations = { "cni.projectcalico.org/ipv4pools": JSON.stringify([name]) };
  await cluster.pod(`wants-${state}`, { nodeName: "native-02" }, annotations);
  const { message } = await cluster.event(`wants-${state}`, "FailedCreatePodSandBox");
  expect(message).toContain(`the given pool (${cidr}) does not exist, or is not enabled`);
  await cluster.remove("pods", `wants-${state}`);
});

test("a deleted pool waits for its last address, and whoever it masked takes its place", async () => {
  await cluster.pool("first", "172.21.0.0/24", { blockSize: 28 });
  await reasonBecomes("first", "OK");
  await cluster.pool("second", "172.21.0.0/25", { blockSize: 28 });
  await reasonBecomes("second", "CIDROverlap");
  const annotations = { "cni.projectcalico.org/ipv4pools": '["first"]' };
  await cluster.pod("holder", { nodeName: "native-02" }, annotations);
  await cluster.running("holder");
  await cluster.remove("pools", "first");
  await reasonBecomes("first", "Terminating");
  expect(pools.store.get("first")?.metadata.finalizers).toEqual([POOL_FINALIZER]);
  expect(reasons()["second"]).toBe("CIDROverlap");
  await cluster.remove("pods", "holder");
  await pools.until("first is gone", (store) => (store.get("first") ? null : true));
  await reasonBecomes("second", "OK");
  const { items } = await listAll(cluster.connection, blocks);
  expect(JSON.stringify(items)).not.toContain("172.21.0.");
});
