import type { ClusterConnection } from "../../kube/connection.ts";
import { mergePatch } from "../../kube/objects.ts";
import type { ObjectStore } from "../controllers/object-store.ts";
import { resources } from "../controllers/resources.ts";
import type { Condition, Node } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";

/** A kubelet repeats an unchanged status every five minutes. */
export const heartbeatMs = 300_000;

const facts: readonly (readonly [string, "True" | "False", string, string])[] = [
  ["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
  ["Ready", "True", "KubeletReady", "kubelet is posting ready status"],
];

/** What a node made by hand says of itself; `kubectl get nodes` shows the kubelet's version. */
const machine = {
  architecture: "amd64",
  bootID: "",
  containerRuntimeVersion: "containerd://2.1.4",
  kernelVersion: "6.8.0-79-generic",
  kubeProxyVersion: "",
  kubeletVersion: "v1.36.3",
  machineID: "",
  operatingSystem: "linux",
  osImage: "Ubuntu 24.04.3 LTS",
  systemUUID: "",
};

/** Whether the node never had a kubelet: made by hand, it has no Ready condition yet. */
export function isNew(node: Node): boolean {
  return !node.status?.conditions?.some(({ type }) => type === "Ready");
}

/** A node that is not Ready has lost its kubelet: nothing is started or stopped there. */
export function hasKubelet(node: Node): boolean {
  return node.status?.conditions?.every(({ type, status }) => type !== "Ready" || status === "True") ?? true;
}

/**
 * The status of a node's kubelet. A node made by hand gets addresses and room for 110 pods; what is there already stays.
 * `unusedIp` is asked only when the node has no InternalIP and Calico's annotation names none either.
 */
function nodeStatus(node: Node, now: number, unusedIp: () => string): object {
  const time = kubeTime(now);
  const before = node.status?.conditions ?? [];
  const conditions: Condition[] = facts.map(([type, status, reason, message]) => {
    const since = before.find((condition) => condition.type === type && condition.status === status);
    const lastTransitionTime = since?.lastTransitionTime ?? time;
    return { type, status, reason, message, lastHeartbeatTime: time, lastTransitionTime };
  });
  const others = before.filter(({ type }) => !facts.some(([known]) => known === type));
  if (!isNew(node)) return { conditions: [...others, ...conditions] };
  const room = { cpu: "16", memory: "64Gi", pods: "110", ...node.status?.allocatable };
  const known = node.status?.addresses ?? [];
  const address = node.metadata.annotations?.["projectcalico.org/IPv4Address"]?.split("/")[0];
  const addresses = known.some(({ type }) => type === "InternalIP")
    ? known
    : [
        { type: "InternalIP", address: address ?? unusedIp() },
        { type: "Hostname", address: node.metadata.name },
      ];
  const nodeInfo = { ...machine, ...node.status?.nodeInfo };
  return { conditions: [...others, ...conditions], capacity: room, allocatable: room, addresses, nodeInfo };
}

/** The first address of 172.18.0.0/16 (from .0.2 on) that no node has. */
function unusedNodeIp(nodes: Iterable<Node>): string {
  const taken = new Set<string>();
  for (const node of nodes) for (const { address } of node.status?.addresses ?? []) taken.add(address);
  for (let number = 2; number < 65_536; number++) {
    const address = `172.18.${number >> 8}.${number & 255}`;
    if (!taken.has(address)) return address;
  }
  return "172.18.0.1";
}

/** Writes the status of one node. */
export async function reportNode(
  connection: ClusterConnection,
  nodes: ObjectStore<Node>,
  node: Node,
): Promise<void> {
  const { name, uid } = node.metadata;
  const status = nodeStatus(node, connection.clock.now(), () => unusedNodeIp(nodes.values()));
  const ref = { resource: resources.nodes, name, subresource: "status" };
  const patched = await mergePatch(
    connection,
    ref,
    { metadata: { uid }, status },
    { fieldManager: "kubelet" },
  );
  nodes.put(patched as Node);
}
