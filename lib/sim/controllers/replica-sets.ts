import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { createObject, mergePatch, removeObject } from "../../kube/objects.ts";
import type { KubeObject, OwnerReference, Pod, ReplicaSet } from "../kube-objects.ts";
import type { EventRecorder } from "./event-recorder.ts";
import { referTo } from "./event-recorder.ts";
import { selects } from "./label-selector.ts";
import type { ObjectIndex } from "./object-index.ts";
import type { ObjectStore } from "./object-store.ts";
import { resources } from "./resources.ts";
import { replicasOf } from "./rollout.ts";
import { controllerUid } from "./scheduling.ts";

const fieldManager = "kube-controller-manager";

export interface ReplicaSetDeps {
  readonly connection: ClusterConnection;
  readonly recorder: EventRecorder;
  readonly sets: ObjectStore<ReplicaSet>;
  readonly pods: ObjectStore<Pod>;
  /** By the uid of the controlling owner; `orphans/<namespace>` for pods without one. */
  readonly podsByOwner: ObjectIndex<Pod>;
}

/** The group of `podsByOwner` that a pod is in. */
export function ownerGroup(pod: Pod): string {
  return controllerUid(pod) ?? `orphans/${pod.metadata.namespace}`;
}

/**
 * One pass over a replica set: adopts and releases pods by its selector, creates or deletes pods until there are as many
 * as it wants, and writes its status.
 */
export async function syncReplicaSet(deps: ReplicaSetDeps, set: ReplicaSet): Promise<void> {
  const pods = (await claimPods(deps, set)).filter(isActive);
  if (!set.metadata.deletionTimestamp) {
    const missing = replicasOf(set) - pods.length;
    if (missing > 0) await createPods(deps, set, missing);
    if (missing < 0) await deletePods(deps, set, pods, -missing);
  }
  await writeStatus(deps, set);
}

function isActive(pod: Pod): boolean {
  const { phase } = pod.status ?? {};
  return !pod.metadata.deletionTimestamp && phase !== "Succeeded" && phase !== "Failed";
}

function isReady(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True");
}

/** The pods that are this set's: its own that still match, and matching ones that nobody controls. */
async function claimPods(deps: ReplicaSetDeps, set: ReplicaSet): Promise<Pod[]> {
  const mine: Pod[] = [];
  for (const pod of deps.podsByOwner.get(set.metadata.uid)) {
    if (pod.metadata.deletionTimestamp || selects(set.spec.selector, pod.metadata.labels)) mine.push(pod);
    else
      await setOwners(
        deps,
        pod,
        (pod.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== set.metadata.uid),
      );
  }
  if (set.metadata.deletionTimestamp) return mine;
  for (const pod of deps.podsByOwner.get(`orphans/${set.metadata.namespace}`)) {
    if (!isActive(pod) || !selects(set.spec.selector, pod.metadata.labels)) continue;
    const owners = [
      ...(pod.metadata.ownerReferences ?? []),
      controllerReference(set, "apps/v1", "ReplicaSet"),
    ];
    mine.push(await setOwners(deps, pod, owners));
  }
  return mine;
}

async function setOwners(
  { connection, pods }: ReplicaSetDeps,
  pod: Pod,
  ownerReferences: readonly OwnerReference[],
): Promise<Pod> {
  const { name, namespace = "", uid } = pod.metadata;
  const ref = { resource: resources.pods, namespace, name };
  const patched = (await mergePatch(
    connection,
    ref,
    { metadata: { uid, ownerReferences } },
    { fieldManager },
  )) as Pod;
  pods.put(patched);
  return patched;
}

async function createPods(deps: ReplicaSetDeps, set: ReplicaSet, count: number): Promise<void> {
  const { connection, recorder, pods } = deps;
  const { name, namespace = "" } = set.metadata;
  const body = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...set.spec.template.metadata,
      generateName: `${name}-`,
      namespace,
      ownerReferences: [controllerReference(set, "apps/v1", "ReplicaSet")],
    },
    spec: set.spec.template.spec,
  };
  for (let made = 0; made < count; made++) {
    try {
      const pod = (await createObject(connection, { resource: resources.pods, namespace }, body, {
        fieldManager,
      })) as Pod;
      pods.put(pod);
      recorder.record(about(set, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`));
    } catch (error) {
      if (error instanceof ApiError && isTerminating(error)) return;
      const reason = error instanceof Error ? error.message : "unknown";
      recorder.record(about(set, "Warning", "FailedCreate", `Error creating: ${reason}`));
      throw error;
    }
  }
}

/** A namespace that is going away takes nothing new: no error, nothing to try again. */
function isTerminating(error: ApiError): boolean {
  return error.status === 403 && error.details.causes.some(({ reason }) => reason === "NamespaceTerminating");
}

async function deletePods(
  deps: ReplicaSetDeps,
  set: ReplicaSet,
  pods: readonly Pod[],
  count: number,
): Promise<void> {
  const perNode = new Map<string, number>();
  for (const { spec } of pods) perNode.set(spec.nodeName ?? "", (perNode.get(spec.nodeName ?? "") ?? 0) + 1);
  const doomed = [...pods].sort((a, b) => compareWorth(a, b, perNode)).slice(0, count);
  for (const pod of doomed) {
    await removePod(deps, pod);
    deps.recorder.record(about(set, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`));
  }
}

async function removePod({ connection, pods }: ReplicaSetDeps, pod: Pod): Promise<void> {
  const { name, namespace = "", uid } = pod.metadata;
  try {
    const left = await removeObject(connection, { resource: resources.pods, namespace, name }, { uid });
    if (isPodBeingDeleted(left)) pods.put(left);
    else pods.remove(pod);
  } catch (error) {
    if (!(error instanceof ApiError && (error.status === 404 || error.status === 409))) throw error;
    pods.remove(pod);
  }
}

/** A pod that waits for its node answers with itself; one that is gone at once too, but then nothing follows. */
function isPodBeingDeleted(answer: unknown): answer is Pod {
  const { kind, metadata, spec } = answer as Partial<Pod>;
  return kind === "Pod" && metadata?.deletionTimestamp !== undefined && spec?.nodeName !== undefined;
}

/**
 * Which of two pods a set that shrinks loses first (negative: `a`): without a node, not running, not ready, the one on the
 * fuller node, the younger one.
 * Source: kubernetes/kubernetes pkg/controller/controller_utils.go ActivePodsWithRanks
 */
function compareWorth(a: Pod, b: Pod, perNode: ReadonlyMap<string, number>): number {
  const rank = (pod: Pod) => [
    pod.spec.nodeName ? 1 : 0,
    pod.status?.phase === "Running" ? 1 : 0,
    isReady(pod) ? 1 : 0,
    -(perNode.get(pod.spec.nodeName ?? "") ?? 0),
    -Date.parse(pod.metadata.creationTimestamp),
  ];
  const other = rank(b);
  const difference = rank(a).map((value, index) => value - (other[index] ?? 0));
  return difference.find((value) => value !== 0) ?? (a.metadata.name < b.metadata.name ? -1 : 1);
}

async function writeStatus(deps: ReplicaSetDeps, set: ReplicaSet): Promise<void> {
  const pods = deps.podsByOwner.get(set.metadata.uid).filter(isActive);
  const ready = pods.filter(isReady).length;
  const status = {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    observedGeneration: set.metadata.generation ?? 1,
  };
  const known: Readonly<Record<string, unknown>> = {
    readyReplicas: 0,
    availableReplicas: 0,
    fullyLabeledReplicas: 0,
    ...set.status,
  };
  if (Object.entries(status).every(([key, value]) => known[key] === value)) return;
  const { name, namespace = "" } = set.metadata;
  const ref = { resource: resources.replicaSets, namespace, name, subresource: "status" };
  deps.sets.put((await mergePatch(deps.connection, ref, { status }, { fieldManager })) as ReplicaSet);
}

export function controllerReference(owner: KubeObject, apiVersion: string, kind: string): OwnerReference {
  const { name, uid } = owner.metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

function about(set: ReplicaSet, type: "Normal" | "Warning", reason: string, message: string) {
  return {
    object: referTo(set, "apps/v1", "ReplicaSet"),
    type,
    reason,
    message,
    source: { component: "replicaset-controller" },
  };
}
