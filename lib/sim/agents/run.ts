import type { ClusterConnection } from "../../kube/connection.ts";
import { EventRecorder } from "../controllers/event-recorder.ts";
import { Informer, type SharedInformers } from "../controllers/informer.ts";
import { ObjectIndex } from "../controllers/object-index.ts";
import { keyOf } from "../controllers/object-store.ts";
import type { Running } from "../controllers/run.ts";
import { WorkQueue } from "../controllers/work-queue.ts";
import type { KubeObject, Pod } from "../kube-objects.ts";
import { calicoResources, type StorageMode } from "../storage-mode.ts";
import { CalicoCni } from "./calico-cni.ts";
import { IpamReader } from "./ipam-reader.ts";
import { HostLocal, usesCalicoIpam } from "./host-local.ts";
import { Kubelet, type NetworkPlugin } from "./kubelet.ts";
import { hasKubelet, heartbeatMs, isNew, reportNode } from "./node-status.ts";
import { TunnelAllocator } from "./tunnel-allocator.ts";

export interface AgentOptions {
  /** The API group they work on; see `storageMode`. */
  readonly mode?: StorageMode;
  /** Base of the wait before a failed pod sandbox is tried again; a kubelet's 10 s unless said. */
  readonly retryMs?: number;
}

/**
 * Starts the agents of every node, those that come later included: kubelet, CNI plugin and tunnel address allocator. All
 * work that touches addresses goes through one queue, in the order in which the cluster asked for it.
 */
export function startNodeAgents(
  connection: ClusterConnection,
  shared: SharedInformers,
  options: AgentOptions = {},
): Running {
  const recorder = new EventRecorder(connection);
  const { nodes, pods } = shared;
  const { mode = "crd-v1" } = options;
  const pools = new Informer<KubeObject>(connection, calicoResources(mode).pools);
  const informers = [nodes, pods, pools];
  const podsByNode = new ObjectIndex(pods.store, (pod) => pod.spec.nodeName ?? null);
  const reader = new IpamReader(connection, mode);
  const tunnels = new TunnelAllocator(connection, reader, nodes.store);
  const calico = new CalicoCni(connection, reader, nodes.store, tunnels);
  const hostLocal = new HostLocal(nodes.store, podsByNode);
  let isCalico = true;
  const network: NetworkPlugin = {
    add: (pod, sandbox) => (isCalico ? calico.add(pod, sandbox) : hostLocal.add(pod)),
    del: (pod, sandbox) => (isCalico ? calico.del(pod, sandbox) : hostLocal.del()),
  };
  const removed = new Map<string, Pod>();

  const onError = (key: string, error: unknown) =>
    connection.log.warn(
      { key, reason: error instanceof Error ? error.message : "unknown" },
      "work is tried again",
    );
  const lane = new WorkQueue(async (item) => {
    const [what, key = ""] = item.split(" ");
    if (what === "pod") await kubelet.sync(key);
    else if (what === "tunnels" && isCalico) await tunnels.run();
    else if (what === "gone") await forget(key);
  }, onError);
  const kubelet = new Kubelet({
    connection,
    recorder,
    nodes: nodes.store,
    pods: pods.store,
    network,
    retryMs: options.retryMs ?? 10_000,
    retryAfter: (key, milliseconds) => lane.addAfter(`pod ${key}`, milliseconds),
  });
  const reports = new WorkQueue(async (name) => {
    const node = nodes.store.get(name);
    if (node && hasKubelet(node)) await reportNode(connection, nodes.store, node);
  }, onError);

  async function forget(uid: string): Promise<void> {
    const pod = removed.get(uid);
    if (pod) await kubelet.forget(pod);
    removed.delete(uid);
  }

  pods.store.onChange((pod, gone) => {
    if (!gone && pod.spec.nodeName) lane.add(`pod ${keyOf(pod.metadata)}`);
    if (!gone) return;
    removed.set(pod.metadata.uid, pod);
    lane.add(`gone ${pod.metadata.uid}`);
  });
  const known = new Set<string>();
  nodes.store.onChange((node, gone) => {
    const { name, uid } = node.metadata;
    if (gone) {
      known.delete(uid);
      tunnels.forget(node);
      return;
    }
    if (isNew(node)) reports.add(name);
    if (tunnels.isDue(node)) lane.add("tunnels");
    if (known.has(uid) || !hasKubelet(node)) return;
    known.add(uid);
    for (const pod of podsByNode.get(name)) lane.add(`pod ${keyOf(pod.metadata)}`);
  });
  pools.store.onChange(() => lane.add("tunnels"));

  const heartbeat = setInterval(() => {
    for (const node of nodes.store.values()) reports.add(node.metadata.name);
  }, heartbeatMs);
  for (const informer of informers) informer.start();
  const ready = Promise.all([usesCalicoIpam(connection), ...informers.map(({ synced }) => synced)]).then(
    ([answer]) => {
      isCalico = answer;
      lane.start();
      reports.start();
    },
  );
  return {
    ready,
    async stop() {
      clearInterval(heartbeat);
      await Promise.all([lane.stop(), reports.stop()]);
      await recorder.stop();
      await Promise.all(informers.map((informer) => informer.stop()));
    },
  };
}
