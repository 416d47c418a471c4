import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestCluster } from "../testing/test-cluster.ts";

/** node-a starts at block 2 of four, so its first address in 10.64.0.0/24 is 10.64.0.128. */
const poolCidr = "10.64.0.0/24";

describe("node agents", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start({ agents: { retryMs: 3_600_000 } });
    await cluster.node("node-a");
    await cluster.pool("pool", poolCidr);
  });
  afterEach(() => cluster.stop());

  test("a node made by hand gets an address; a hostNetwork pod has it and takes none from IPAM", async () => {
    await cluster.pod("host", { nodeName: "node-a", hostNetwork: true });
    const pod = await cluster.running("host");
    expect(pod.status?.podIP).toBe("172.18.0.2");
    expect(await cluster.allocations()).toEqual({});
  });

  test("deleting a pod gives its address back and empties the annotations first", async () => {
    await cluster.pod("web", { nodeName: "node-a" });
    const { metadata, status } = await cluster.running("web");
    expect(metadata.annotations).toMatchObject({
      "cni.projectcalico.org/podIP": "10.64.0.128/32",
      "cni.projectcalico.org/podIPs": "10.64.0.128/32",
      "cni.projectcalico.org/containerID": expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(status?.podIP).toBe("10.64.0.128");
    const emptied = cluster.pods.until("its annotations are empty", (pods) => {
      const annotations = pods.get("web", "default")?.metadata.annotations;
      return annotations?.["cni.projectcalico.org/podIP"] === "" ? annotations : null;
    });
    await cluster.remove("pods", "web");
    expect(await emptied).toMatchObject({ "cni.projectcalico.org/podIPs": "" });
    await cluster.pods.until("it is gone", (pods) => (pods.get("web", "default") ? null : true));
    expect(await cluster.allocations()).toEqual({});
    expect(await cluster.handleCount()).toBe(0);
  });

  test("a force-deleted pod's address goes back too", async () => {
    await cluster.pod("web", { nodeName: "node-a" });
    await cluster.running("web");
    await cluster.remove("pods", "web", { gracePeriodSeconds: 0 });
    // The next pod of the node is served after the release: it gets the next address, and only its own is in use.
    await cluster.pod("next", { nodeName: "node-a" });
    expect((await cluster.running("next")).status?.podIP).toBe("10.64.0.129");
    expect(await cluster.allocations()).toEqual({ "10.64.0.129": "next" });
  });

  test("a finished pod gives its address back but keeps showing it", async () => {
    await cluster.pod("job", { nodeName: "node-a", restartPolicy: "Never" });
    await cluster.running("job");
    await cluster.patch("pods", "job", { status: { phase: "Succeeded" } }, "status");
    const done = await cluster.pods.until("its network is gone", (pods) => {
      const pod = pods.get("job", "default");
      return pod?.metadata.annotations?.["cni.projectcalico.org/podIP"] === "" ? pod : null;
    });
    expect(done.status?.podIP).toBe("10.64.0.128");
    expect(await cluster.allocations()).toEqual({});
    await cluster.remove("pods", "job");
    await cluster.pods.until("it can be deleted", (pods) => (pods.get("job", "default") ? null : true));
  });

  test("when a node goes its pods go, and their addresses stay allocated", async () => {
    await cluster.pod("web", { nodeName: "node-a" });
    await cluster.running("web");
    await cluster.remove("nodes", "node-a");
    await cluster.pods.until("its pod is gone", (pods) => (pods.get("web", "default") ? null : true));
    await cluster.node("node-b");
    await cluster.pod("other", { nodeName: "node-b" });
    await cluster.running("other");
    expect(await cluster.allocations()).toEqual({ "10.64.0.128": "web", "10.64.0.64": "other" });
  });

  test("exact addresses, and Calico's words when one is taken", async () => {
    const wants = { "cni.projectcalico.org/ipAddrs": '["10.64.0.7"]' };
    await cluster.pod("first", { nodeName: "node-a" }, wants);
    expect((await cluster.running("first")).status?.podIP).toBe("10.64.0.7");
    await cluster.pod("second", { nodeName: "node-a" }, wants);
    const { message } = await cluster.event("second", "FailedCreatePodSandBox");
    expect(message.split("failed (add): ")[1]).toBe(
      "error getting IP from IPAM: resource already exists: 10.64.0.7 with error: Address already assigned in block",
    );
  });

  test("a failed pod is looked at again as soon as it changes, however long its back-off", async () => {
    await cluster.pod("web", { nodeName: "node-a" }, { "cni.projectcalico.org/ipv4pools": '["nope"]' });
    await cluster.event(
      "web",
      "FailedCreatePodSandBox",
      /error parsing pool "nope": invalid CIDR address: nope$/,
    );
    await cluster.patch("pods", "web", {
      metadata: { annotations: { "cni.projectcalico.org/ipv4pools": '["pool"]' } },
    });
    expect((await cluster.running("web")).status?.podIP).toBe("10.64.0.128");
  });

  test("nothing starts while the datastore is locked", async () => {
    await cluster.patch("clusterInformations", "default", { spec: { datastoreReady: false } });
    await cluster.pod("web", { nodeName: "node-a" });
    await cluster.event(
      "web",
      "FailedCreatePodSandBox",
      /failed \(add\): Calico is currently not ready to process requests$/,
    );
    expect(await cluster.allocations()).toEqual({});
  });

  test("nothing starts or stops on a node that is not ready", async () => {
    await cluster.node("node-b");
    const conditions = [{ type: "Ready", status: "Unknown", reason: "NodeStatusUnknown" }];
    await cluster.patch("nodes", "node-b", { status: { conditions } }, "status");
    await cluster.nodes.until("node-b is seen down", (nodes) =>
      nodes.get("node-b")?.status?.conditions?.length === 1 ? true : null,
    );
    await cluster.pod("down", { nodeName: "node-b" });
    await cluster.pod("up", { nodeName: "node-a" });
    await cluster.running("up");
    expect(await cluster.allocations()).toEqual({ "10.64.0.128": "up" });
  });

  test.each([
    ["pods", "patch", 1],
    ["ipamhandles", "create", 1],
    // The count of a block that was perhaps written, perhaps not, stays: Calico leaves such handles too.
    ["ipamblocks", "update", 2],
  ] as const)(
    "a connection cut while %s are written (%s): the pod runs on its one address all the same",
    async (resource, verb, counted) => {
      cluster.cluster.api.faults.add({ kind: "reset", verb, resource, times: 1 });
      await cluster.pod("web", { nodeName: "node-a" });
      const { status } = await cluster.running("web");
      expect(await cluster.allocations()).toEqual({ [status?.podIP ?? ""]: "web" });
      expect(await cluster.handleCount()).toBe(counted);
    },
  );

  test.each(["ipamblocks", "ipamhandles", "blockaffinities"])(
    "losing a race for %s: planned anew, and no count is left too high",
    async (resource) => {
      for (const verb of ["create", "update"] as const) {
        cluster.cluster.api.faults.add({ kind: "status", code: 409, verb, resource, times: 1 });
      }
      for (const name of ["one", "two"]) {
        await cluster.pod(name, { nodeName: "node-a" });
        await cluster.running(name);
      }
      expect(Object.values(await cluster.allocations()).sort()).toEqual(["one", "two"]);
      expect(await cluster.handleCount()).toBe(2);
    },
  );
});

test("many failures become one combined event", { timeout: 60_000 }, async () => {
  const cluster = await TestCluster.start({ agents: { retryMs: 20 } });
  await cluster.node("node-a");
  await cluster.pod("web", { nodeName: "node-a" });
  const event = await cluster.event(
    "web",
    "FailedCreatePodSandBox",
    /^\(combined from similar events\): .*failed \(add\): cannot find a qualified ippool$/,
  );
  expect(event.source).toEqual({ component: "kubelet", host: "node-a" });
  await cluster.events.until("its count grows", (events) =>
    (events.get(event.metadata.name, "default")?.count ?? 0) > 2 ? true : null,
  );
  await cluster.stop();
});

test("tunnel addresses come before pods, and move with their pool", { timeout: 60_000 }, async () => {
  const cluster = await TestCluster.start({ scenario: "tutorial" });
  const tunnelOf = (name: string) => (node: string | undefined) => (node === name ? true : null);
  await cluster.pool("second", "10.64.0.0/20", { vxlanMode: "Always", blockSize: 26 });
  await cluster.patch("pools", "default-ipv4-ippool", { spec: { disabled: true } });
  await cluster.nodes.until("the tunnel of s666dan4151 has moved", (nodes) =>
    tunnelOf("10.64.9.0")(
      nodes.get("s666dan4151")?.metadata.annotations?.["projectcalico.org/IPv4VXLANTunnelAddr"],
    ),
  );
  await cluster.pod("web", { nodeName: "s666dan4151" });
  expect((await cluster.running("web")).status?.podIP).toBe("10.64.9.1");
  const allocations = await cluster.allocations();
  expect(Object.keys(allocations).filter((ip) => ip.startsWith("10.255."))).toHaveLength(32);
  await cluster.stop();
});

test("agents that start on a cluster kept in a file go on with its pods", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "poolboard-agents-"));
  const options = { data: join(folder, "cluster"), agents: { retryMs: 50 } };
  const before = await TestCluster.start(options);
  await before.node("node-a");
  await before.pool("pool", poolCidr, { disabled: true });
  await before.pod("waits", { nodeName: "node-a" });
  await before.event("waits", "FailedCreatePodSandBox");
  await before.patch("pools", "pool", { spec: { disabled: false } });
  await before.running("waits");
  await before.stop();
  const after = await TestCluster.start(options);
  expect(await after.allocations()).toEqual({ "10.64.0.128": "waits" });
  await after.remove("pods", "waits");
  await after.pods.until("it is gone", (pods) => (pods.get("waits", "default") ? null : true));
  expect(await after.allocations()).toEqual({});
  await after.stop();
  await rm(folder, { recursive: true });
});

test(
  "host-local gives addresses of the node's own range and touches no block",
  { timeout: 60_000 },
  async () => {
    const cluster = await TestCluster.start({ scenario: "not-calico" });
    await cluster.pod("web", { nodeName: "hl-02" });
    expect((await cluster.running("web")).status?.podIP).toBe("10.244.1.5");
    expect(await cluster.allocations()).toEqual({});
    await cluster.stop();
  },
);
