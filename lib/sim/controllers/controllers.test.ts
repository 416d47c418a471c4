import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ObjectStore } from "./object-store.ts";
import type { Pod } from "../kube-objects.ts";
import { TestCluster } from "../testing/test-cluster.ts";

const names = (pods: ObjectStore<Pod>) => Array.from(pods.values(), ({ metadata }) => metadata.name).sort();
const ready = (pods: ObjectStore<Pod>) =>
  [...pods.values()].filter((pod) => !pod.metadata.deletionTimestamp && pod.status?.phase === "Running");

describe("controllers", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start({ agents: { retryMs: 3_600_000 } });
    await cluster.pool("pool", "10.64.0.0/16");
    for (const name of ["node-a", "node-b", "node-c"]) await cluster.node(name);
  });
  afterEach(() => cluster.stop());

  const runningPods = (count: number) =>
    cluster.pods.until(`${count} pods run`, (pods) =>
      ready(pods).length === count && pods.size === count ? ready(pods) : null,
    );
  const settled = (name: string, replicas: number, image = "nginx:1") =>
    cluster.deployments.until(
      `${name} with ${image} has ${replicas} available and is complete`,
      (deployments) => {
        const deployment = deployments.get(name, "default");
        if (
          deployment?.spec.replicas !== replicas ||
          deployment.spec.template.spec.containers[0]?.image !== image
        )
          return null;
        const status = deployment.status as Record<string, unknown> | undefined;
        const complete = ["updatedReplicas", "replicas", "availableReplicas"].every(
          (field) => status?.[field] === replicas,
        );
        return complete && status?.["observedGeneration"] === deployment.metadata.generation
          ? deployment
          : null;
      },
    );

  test("a deployment's pods are spread evenly, replaced when deleted, and follow its size", async () => {
    await cluster.create("deployments", cluster.deployment("web", { replicas: 6 }));
    const pods = await runningPods(6);
    const perNode = Map.groupBy(pods, (pod) => pod.spec.nodeName);
    expect([...perNode.values()].map((group) => group?.length)).toEqual([2, 2, 2]);
    const [first = pods[0]] = pods;
    await cluster.remove("pods", first?.metadata.name ?? "");
    await cluster.pods.until("it is replaced", (store) =>
      ready(store).length === 6 && !store.get(first?.metadata.name ?? "", "default") ? true : null,
    );
    await cluster.patch("deployments", "web", { spec: { replicas: 2 } });
    await runningPods(2);
    const deployment = await settled("web", 2);
    expect(deployment.status?.conditions).toMatchObject([
      { type: "Available", status: "True", reason: "MinimumReplicasAvailable" },
      { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
    ]);
    expect(deployment.status).not.toHaveProperty("unavailableReplicas");
    // Scaled once since it was made; naming the revision is no change of what is wished for.
    expect(deployment.metadata).toMatchObject({
      generation: 2,
      annotations: { "deployment.kubernetes.io/revision": "1" },
    });
  });

  test("a new template rolls out; the old one again brings its replica set back with a higher revision", async () => {
    await cluster.create("deployments", cluster.deployment("web", { replicas: 4, revisionHistoryLimit: 1 }));
    await settled("web", 4);
    const image = (tag: string) => ({
      spec: { template: { spec: { containers: [{ name: "main", image: `nginx:${tag}` }] } } },
    });
    const revisions = () =>
      cluster.sets.until("one set has all the pods", (sets) => {
        const all = [...sets.values()].map(({ metadata, spec, status }) => ({
          revision: metadata.annotations?.["deployment.kubernetes.io/revision"],
          replicas: spec.replicas,
          left: status?.replicas,
          image: spec.template.spec.containers[0]?.image,
        }));
        const done =
          all.filter((set) => set.replicas === 4 && set.left === 4).length === 1 &&
          all.filter((set) => set.left === 0).length === all.length - 1;
        return done ? all : null;
      });
    await cluster.patch("deployments", "web", image("2"));
    await settled("web", 4, "nginx:2");
    expect(await revisions()).toContainEqual({ revision: "2", replicas: 4, left: 4, image: "nginx:2" });
    await cluster.patch("deployments", "web", image("1"));
    await settled("web", 4, "nginx:1");
    expect(await revisions()).toContainEqual({ revision: "3", replicas: 4, left: 4, image: "nginx:1" });
    await cluster.patch("deployments", "web", image("3"));
    await settled("web", 4, "nginx:3");
    const kept = await cluster.sets.until("the history keeps one old set", (sets) =>
      sets.size === 2 ? [...sets.values()] : null,
    );
    expect(kept.map(({ spec }) => spec.template.spec.containers[0]?.image).sort()).toEqual([
      "nginx:1",
      "nginx:3",
    ]);
  });

  test("Recreate: no old pod is left before the first new one", async () => {
    await cluster.create(
      "deployments",
      cluster.deployment("web", { replicas: 2, strategy: { type: "Recreate" } }),
    );
    const before = names((await runningPods(2), cluster.pods.store));
    let mixed = false;
    cluster.pods.store.onChange(() => {
      const now = names(cluster.pods.store);
      mixed ||= now.some((name) => before.includes(name)) && now.some((name) => !before.includes(name));
    });
    await cluster.patch("deployments", "web", {
      spec: { template: { spec: { containers: [{ name: "main", image: "nginx:2" }] } } },
    });
    await cluster.pods.until("two new pods run", (pods) =>
      ready(pods).filter(({ metadata }) => !before.includes(metadata.name)).length === 2 ? true : null,
    );
    expect(mixed).toBe(false);
  });

  test("a pod that no longer matches is let go and replaced; one that matches and belongs to nobody is taken in", async () => {
    await cluster.create("deployments", cluster.deployment("web", { replicas: 1 }));
    const [pod] = await runningPods(1);
    const name = pod?.metadata.name ?? "";
    const labels = pod?.metadata.labels ?? {};
    await cluster.patch("pods", name, { metadata: { labels: { app: "debugging" } } });
    await runningPods(2);
    await cluster.pods.until("it has no owner", (pods) =>
      pods.get(name, "default")?.metadata.ownerReferences?.length ? null : true,
    );
    await cluster.patch("pods", name, { metadata: { labels } });
    const [left] = await runningPods(1);
    expect(left?.metadata.ownerReferences?.[0]?.kind).toBe("ReplicaSet");
  });

  test("a pod that fits nowhere says why, and starts when there is room", async () => {
    for (const name of ["node-a", "node-b", "node-c"])
      await cluster.patch("nodes", name, { spec: { unschedulable: true } });
    await cluster.nodes.until("all are cordoned", (nodes) =>
      [...nodes.values()].every(({ spec }) => spec?.unschedulable) ? true : null,
    );
    await cluster.pod("web", {});
    const { message } = await cluster.event("web", "FailedScheduling");
    expect(message).toBe(
      "0/3 nodes are available: 3 node(s) were unschedulable. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    );
    await cluster.patch("nodes", "node-b", { spec: { unschedulable: null } });
    expect((await cluster.running("web")).spec.nodeName).toBe("node-b");
  });

  test("a pod with a node is left alone by the scheduler, even a node that it would not choose", async () => {
    await cluster.node("tainted", { taints: [{ key: "dedicated", value: "x", effect: "NoSchedule" }] });
    await cluster.pod("web", { nodeName: "tainted" });
    expect((await cluster.running("web")).spec.nodeName).toBe("tainted");
  });
});
