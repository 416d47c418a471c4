import { runningStatus } from "../agents/pod-status.ts";
import { randomSuffix } from "../controllers/pod-names.ts";
import { kubeTime, type Pod } from "../kube-objects.ts";
import type { SeededRandom } from "../scenarios/seeded-random.ts";
import { isObject, objectAt, textAt } from "../store/json.ts";
import { type KubeObject, type Meta, timestamp } from "../store/kube-object.ts";

/** The versions of a pod's object from its creation to its end, as the controllers, the scheduler and the kubelet write them. */

/** The next pod of the same owner: same template, new name, no node. */
export function successorOf(old: KubeObject, random: SeededRandom, now: number): KubeObject {
  const { namespace, labels, ownerReferences = [] } = old.metadata;
  const base = ownerReferences[0]?.name ?? old.metadata.name;
  const { nodeName: _, ...spec } = objectAt(old, "spec");
  const metadata: Meta = {
    name: `${base}-${randomSuffix(5, () => random.next())}`,
    ...(namespace === undefined ? {} : { namespace }),
    uid: random.uuid(),
    resourceVersion: "",
    creationTimestamp: timestamp(now),
    generation: 1,
    ...(labels ? { labels } : {}),
    ownerReferences,
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec,
    status: { phase: "Pending", qosClass: "Burstable" },
  };
}

export function boundTo(pod: KubeObject, node: string, now: number): KubeObject {
  const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: kubeTime(now) };
  return {
    ...pod,
    spec: { ...objectAt(pod, "spec"), nodeName: node },
    status: { ...objectAt(pod, "status"), conditions: [scheduled] },
  };
}

export function runningWith(
  pod: KubeObject,
  sandbox: string,
  place: { readonly ip: string; readonly hostIp: string | null; readonly now: number },
): KubeObject {
  const { ip, hostIp, now } = place;
  const annotations = {
    ...pod.metadata.annotations,
    "cni.projectcalico.org/containerID": sandbox,
    "cni.projectcalico.org/podIP": `${ip}/32`,
    "cni.projectcalico.org/podIPs": `${ip}/32`,
  };
  // A stored pod has everything that its kubelet reads.
  const situation = { pod: pod as unknown as Pod, hostIp, now };
  const written = runningStatus(situation, [ip], () => sandbox) as object as KubeObject;
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    status: { ...objectAt(pod, "status"), ...written },
  };
}

export function terminating(pod: KubeObject, now: number): KubeObject {
  const deletionTimestamp = timestamp(now + 30_000);
  return { ...pod, metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: 30 } };
}

/** Its containers were started once more. */
export function restarted(pod: KubeObject): KubeObject {
  const status = objectAt(pod, "status");
  const containers = Array.isArray(status["containerStatuses"]) ? status["containerStatuses"] : [];
  const containerStatuses = containers.map((each) =>
    isObject(each) ? { ...each, restartCount: Number(each["restartCount"] ?? 0) + 1 } : each,
  );
  return { ...pod, status: { ...status, containerStatuses } };
}

export function nodeOf(pod: KubeObject): string {
  return textAt(objectAt(pod, "spec"), "nodeName");
}

/** The one IPv4 address of a pod that runs for its replica set; null: the churn leaves it alone. */
export function churnableIp(pod: KubeObject): string | null {
  const status = objectAt(pod, "status");
  const ip = textAt(status, "podIP");
  const isChurnable =
    textAt(status, "phase") === "Running" &&
    pod.metadata.deletionTimestamp === undefined &&
    pod.metadata.ownerReferences?.[0]?.kind === "ReplicaSet" &&
    objectAt(pod, "spec")["hostNetwork"] !== true;
  return isChurnable && /^\d+\.\d+\.\d+\.\d+$/.test(ip) ? ip : null;
}
