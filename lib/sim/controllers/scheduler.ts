import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { createObject, mergePatch } from "../../kube/objects.ts";
import type { Node, Pod } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";
import type { EventRecorder } from "./event-recorder.ts";
import { referTo } from "./event-recorder.ts";
import type { ObjectIndex } from "./object-index.ts";
import type { ObjectStore } from "./object-store.ts";
import { resources } from "./resources.ts";
import { place } from "./scheduling.ts";

const component = "default-scheduler";

export interface SchedulerDeps {
  readonly connection: ClusterConnection;
  readonly recorder: EventRecorder;
  readonly nodes: ObjectStore<Node>;
  readonly pods: ObjectStore<Pod>;
  readonly podsByNode: ObjectIndex<Pod>;
}

/** Whether the pod waits for this scheduler. One with a node (however it got it) does not. */
export function isWaiting(pod: Pod): boolean {
  const { nodeName, schedulerName = component } = pod.spec;
  return !nodeName && schedulerName === component && !pod.metadata.deletionTimestamp && !isOver(pod);
}

/** Finished pods hold no place on their node. */
export function isOver(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** Binds the pod to a node, or says why none takes it. True when it is bound. */
export async function schedule(deps: SchedulerDeps, pod: Pod): Promise<boolean> {
  const candidates = [...deps.nodes.values()]
    .filter((node) => !node.metadata.deletionTimestamp)
    .map((node) => ({ node, pods: deps.podsByNode.get(node.metadata.name).filter((one) => !isOver(one)) }));
  const placement = place(pod, candidates);
  if (placement.node === null) {
    deps.recorder.record(about(pod, "Warning", "FailedScheduling", placement.message));
    await markUnschedulable(deps, pod, placement.message);
    return false;
  }
  await bind(deps, pod, placement.node);
  const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${placement.node}`;
  deps.recorder.record(about(pod, "Normal", "Scheduled", message));
  return true;
}

async function bind({ connection, pods }: SchedulerDeps, pod: Pod, node: string): Promise<void> {
  const { name, namespace = "", uid } = pod.metadata;
  const ref = { resource: resources.pods, namespace, name, subresource: "binding" };
  const body = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name, namespace, uid },
    target: { apiVersion: "v1", kind: "Node", name: node },
  };
  await createObject(connection, ref, body, { fieldManager: component });
  // The answer is no pod: until the watch brings the bound one, this stands in for it (same version, so that any real one is newer).
  pods.assume({ ...pod, spec: { ...pod.spec, nodeName: node } });
}

async function markUnschedulable(
  { connection, pods }: SchedulerDeps,
  pod: Pod,
  message: string,
): Promise<void> {
  const known = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (known?.status === "False" && known.message === message) return;
  const lastTransitionTime =
    known?.status === "False" ? known.lastTransitionTime : kubeTime(connection.clock.now());
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
    lastProbeTime: null,
    lastTransitionTime,
  };
  const conditions = [
    ...(pod.status?.conditions ?? []).filter(({ type }) => type !== "PodScheduled"),
    condition,
  ];
  const { name, namespace = "", uid } = pod.metadata;
  const ref = { resource: resources.pods, namespace, name, subresource: "status" };
  try {
    pods.put(
      (await mergePatch(
        connection,
        ref,
        { metadata: { uid }, status: { conditions } },
        { fieldManager: component },
      )) as Pod,
    );
  } catch (error) {
    if (!(error instanceof ApiError && (error.status === 404 || error.status === 409))) throw error;
  }
}

function about(pod: Pod, type: "Normal" | "Warning", reason: string, message: string) {
  return { object: referTo(pod, "v1", "Pod"), type, reason, message, source: { component } };
}
