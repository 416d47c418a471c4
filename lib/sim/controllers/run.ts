import type { ClusterConnection } from "../../kube/connection.ts";
import type { Deployment, Pod, ReplicaSet } from "../kube-objects.ts";
import { syncDeployment } from "./deployments.ts";
import { EventRecorder } from "./event-recorder.ts";
import { Informer, type SharedInformers } from "./informer.ts";
import { ObjectIndex } from "./object-index.ts";
import { keyOf } from "./object-store.ts";
import { PodCollector } from "./pod-collector.ts";
import { ownerGroup, syncReplicaSet } from "./replica-sets.ts";
import { resources } from "./resources.ts";
import { isOver, isWaiting, schedule } from "./scheduler.ts";
import { controllerUid } from "./scheduling.ts";
import { WorkQueue } from "./work-queue.ts";

export interface Running {
  /** Resolves when the first lists have arrived. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts deployments → replica sets → pods, the scheduler and the collector of pods without a node, as clients of the
 * connection. What fails is tried again; nothing is thrown after the start.
 */
export function startControllers(connection: ClusterConnection, shared: SharedInformers): Running {
  const recorder = new EventRecorder(connection);
  const { nodes, pods } = shared;
  const sets = new Informer<ReplicaSet>(connection, resources.replicaSets);
  const deployments = new Informer<Deployment>(connection, resources.deployments);
  const informers = [nodes, pods, sets, deployments];
  const podsByOwner = new ObjectIndex(pods.store, ownerGroup);
  const podsByNode = new ObjectIndex(pods.store, (pod) => pod.spec.nodeName ?? null);
  const setsByOwner = new ObjectIndex(
    sets.store,
    (set) => set.metadata.ownerReferences?.find(({ controller }) => controller)?.uid ?? null,
  );
  const setKeys = new Map<string, string>();
  const deploymentKeys = new Map<string, string>();

  const onError = (key: string, error: unknown) =>
    connection.log.warn(
      { key, reason: error instanceof Error ? error.message : "unknown" },
      "work is tried again",
    );
  const deploymentQueue = new WorkQueue(async (key) => {
    const deployment = find(deployments, key);
    const deps = {
      connection,
      recorder,
      deployments: deployments.store,
      sets: sets.store,
      setsByOwner,
      podsByOwner,
    };
    if (deployment) await syncDeployment(deps, deployment);
  }, onError);
  const setQueue = new WorkQueue(async (key) => {
    const set = find(sets, key);
    if (set)
      await syncReplicaSet({ connection, recorder, sets: sets.store, pods: pods.store, podsByOwner }, set);
  }, onError);
  const unschedulable = new Set<string>();
  const podQueue = new WorkQueue(async (key) => {
    const pod = find(pods, key);
    if (!pod || !isWaiting(pod)) return;
    unschedulable.add(key);
    const bound = await schedule(
      { connection, recorder, nodes: nodes.store, pods: pods.store, podsByNode },
      pod,
    );
    if (bound) unschedulable.delete(key);
  }, onError);
  const queues = [deploymentQueue, setQueue, podQueue];

  deployments.store.onChange((deployment, gone) => {
    const key = keyOf(deployment.metadata);
    if (gone) deploymentKeys.delete(deployment.metadata.uid);
    else deploymentKeys.set(deployment.metadata.uid, key);
    deploymentQueue.add(key);
  });
  sets.store.onChange((set, gone) => {
    const key = keyOf(set.metadata);
    if (gone) setKeys.delete(set.metadata.uid);
    else setKeys.set(set.metadata.uid, key);
    setQueue.add(key);
    queueDeploymentOf(set);
  });
  pods.store.onChange((pod, gone) => {
    const key = keyOf(pod.metadata);
    const owner = setKeys.get(controllerUid(pod) ?? "");
    if (owner !== undefined) setQueue.add(owner);
    // A re-creation waits for the last old pod, which no replica set's status tells.
    if (owner !== undefined && gone) queueDeploymentOf(find(sets, owner));
    if (!gone && isWaiting(pod)) {
      if (!unschedulable.has(key)) podQueue.add(key);
      return;
    }
    unschedulable.delete(key);
    if (gone || isOver(pod)) retryUnschedulable();
  });
  const nodeSignatures = new Map<string, string>();
  nodes.store.onChange((node, gone) => {
    const signature = gone ? "" : JSON.stringify([node.metadata.labels, node.spec, node.status?.allocatable]);
    if (nodeSignatures.get(node.metadata.name) === signature) return;
    nodeSignatures.set(node.metadata.name, signature);
    retryUnschedulable();
  });

  function queueDeploymentOf(set: ReplicaSet | undefined): void {
    const uid = set?.metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
    const key = deploymentKeys.get(uid ?? "");
    if (key !== undefined) deploymentQueue.add(key);
  }

  /** Whenever room may have appeared, pods that found none are looked at again. */
  function retryUnschedulable(): void {
    for (const key of unschedulable) podQueue.add(key);
    unschedulable.clear();
  }

  const collector = new PodCollector(connection, nodes.store, pods.store, podsByNode);
  for (const informer of informers) informer.start();
  const ready = Promise.all(informers.map(({ synced }) => synced)).then(() => {
    for (const queue of [...queues, collector.queue]) queue.start();
  });
  return {
    ready,
    async stop() {
      await Promise.all([...queues, collector.queue].map((queue) => queue.stop()));
      await recorder.stop();
      await Promise.all(informers.map((informer) => informer.stop()));
    },
  };
}

function find<T extends Deployment | ReplicaSet | Pod>(informer: Informer<T>, key: string): T | undefined {
  const [namespace, name = ""] = key.split("/");
  return informer.store.get(name, namespace);
}
