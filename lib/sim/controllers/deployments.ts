import type { ClusterConnection } from "../../kube/connection.ts";
import { createObject, mergePatch, removeObject } from "../../kube/objects.ts";
import type { Deployment, Labels, Pod, ReplicaSet } from "../kube-objects.ts";
import { writeDeploymentStatus } from "./deployment-status.ts";
import type { EventRecorder } from "./event-recorder.ts";
import { referTo } from "./event-recorder.ts";
import type { ObjectIndex } from "./object-index.ts";
import type { ObjectStore } from "./object-store.ts";
import { podTemplateHash, sameTemplate, templateHashLabel } from "./pod-names.ts";
import { controllerReference } from "./replica-sets.ts";
import { resources } from "./resources.ts";
import { planRollout, replicasOf, rolloutLimits } from "./rollout.ts";

const fieldManager = "kube-controller-manager";
const revisionAnnotation = "deployment.kubernetes.io/revision";

export interface DeploymentDeps {
  readonly connection: ClusterConnection;
  readonly recorder: EventRecorder;
  readonly deployments: ObjectStore<Deployment>;
  readonly sets: ObjectStore<ReplicaSet>;
  /** By the uid of the controlling deployment. */
  readonly setsByOwner: ObjectIndex<ReplicaSet>;
  readonly podsByOwner: ObjectIndex<Pod>;
}

/**
 * One pass over a deployment: finds or makes the replica set of its present template, moves replicas between it and the
 * older ones (see planRollout), drops sets beyond the history limit, and writes its status.
 */
export async function syncDeployment(deps: DeploymentDeps, deployment: Deployment): Promise<void> {
  if (deployment.metadata.deletionTimestamp) return;
  const sets = deps.setsByOwner.get(deployment.metadata.uid).sort(byAge);
  let current = sets.find((set) => sameTemplate(set.spec.template, deployment.spec.template)) ?? null;
  const older = sets.filter((set) => set !== current);
  const olderPods = older.reduce((sum, set) => sum + deps.podsByOwner.get(set.metadata.uid).length, 0);
  const step = planRollout(deployment, current, older, olderPods);
  if (!current && step.createReplicas !== null)
    current = await createSet(deps, deployment, sets, step.createReplicas);
  for (const { replicaSet, replicas } of step.scale) await scale(deps, deployment, replicaSet, replicas);
  if (current) await markRevision(deps, deployment, current, sets);
  await dropHistory(deps, deployment, older);
  await writeDeploymentStatus(deps, deployment);
}

function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const difference = Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp);
  return difference || (a.metadata.name < b.metadata.name ? -1 : 1);
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[revisionAnnotation] ?? 0) || 0;
}

async function createSet(
  deps: DeploymentDeps,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  replicas: number,
): Promise<ReplicaSet> {
  const { name, namespace = "", annotations } = deployment.metadata;
  const { template, selector } = deployment.spec;
  let collisions = deployment.status?.collisionCount ?? 0;
  while (deps.sets.get(`${name}-${podTemplateHash(template, collisions)}`, namespace)) collisions += 1;
  const hash = podTemplateHash(template, collisions);
  const labels = { ...template.metadata?.labels, [templateHashLabel]: hash };
  const body = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...inheritedAnnotations(annotations),
        ...sizeAnnotations(deployment),
        [revisionAnnotation]: nextRevision(sets),
      },
      ownerReferences: [controllerReference(deployment, "apps/v1", "Deployment")],
    },
    spec: {
      replicas,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [templateHashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  const ref = { resource: resources.replicaSets, namespace };
  const set = (await createObject(deps.connection, ref, body, { fieldManager })) as ReplicaSet;
  deps.sets.put(set);
  const message = `Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`;
  deps.recorder.record(about(deployment, "ScalingReplicaSet", message));
  return set;
}

/** A replica set carries its deployment's annotations, except those that speak of the deployment itself. */
function inheritedAnnotations(annotations: Labels = {}): Labels {
  const own = new Set(["kubectl.kubernetes.io/last-applied-configuration", revisionAnnotation]);
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !own.has(key)));
}

function nextRevision(sets: readonly ReplicaSet[]): string {
  return String(Math.max(0, ...sets.map(revisionOf)) + 1);
}

function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const wanted = deployment.spec.replicas ?? 1;
  return {
    "deployment.kubernetes.io/desired-replicas": String(wanted),
    "deployment.kubernetes.io/max-replicas": String(wanted + rolloutLimits(deployment).surge),
  };
}

async function scale(
  deps: DeploymentDeps,
  deployment: Deployment,
  set: ReplicaSet,
  replicas: number,
): Promise<void> {
  const { name, namespace = "", uid } = set.metadata;
  const ref = { resource: resources.replicaSets, namespace, name };
  const before = replicasOf(set);
  const patch = { metadata: { uid, annotations: sizeAnnotations(deployment) }, spec: { replicas } };
  deps.sets.put((await mergePatch(deps.connection, ref, patch, { fieldManager })) as ReplicaSet);
  const direction = replicas > before ? "up" : "down";
  const message = `Scaled ${direction} replica set ${name} from ${before} to ${replicas}`;
  deps.recorder.record(about(deployment, "ScalingReplicaSet", message));
}

/** The present set carries the highest revision (a rollback renumbers it), and the deployment names that revision. */
async function markRevision(
  deps: DeploymentDeps,
  deployment: Deployment,
  current: ReplicaSet,
  sets: readonly ReplicaSet[],
): Promise<void> {
  const { connection } = deps;
  const others = sets.filter((set) => set.metadata.uid !== current.metadata.uid);
  const revision = Math.max(revisionOf(current), Number(nextRevision(others)));
  const annotations = { [revisionAnnotation]: String(revision) };
  const { name, namespace = "" } = current.metadata;
  if (revisionOf(current) !== revision) {
    const ref = { resource: resources.replicaSets, namespace, name };
    deps.sets.put(
      (await mergePatch(connection, ref, { metadata: { annotations } }, { fieldManager })) as ReplicaSet,
    );
  }
  if (deployment.metadata.annotations?.[revisionAnnotation] !== String(revision)) {
    // With the status, as Kubernetes' own controller does it: a revision is no new generation of the deployment.
    const ref = {
      resource: resources.deployments,
      namespace,
      name: deployment.metadata.name,
      subresource: "status",
    };
    const patched = await mergePatch(connection, ref, { metadata: { annotations } }, { fieldManager });
    deps.deployments.put(patched as Deployment);
  }
}

async function dropHistory(
  deps: DeploymentDeps,
  deployment: Deployment,
  older: readonly ReplicaSet[],
): Promise<void> {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const empty = older
    .filter(
      (set) => replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0 && !set.metadata.deletionTimestamp,
    )
    .sort((a, b) => revisionOf(a) - revisionOf(b));
  for (const set of empty.slice(0, Math.max(0, empty.length - limit))) {
    const { name, namespace = "", uid } = set.metadata;
    await removeObject(deps.connection, { resource: resources.replicaSets, namespace, name }, { uid });
    deps.sets.remove(set);
  }
}

function about(deployment: Deployment, reason: string, message: string) {
  return {
    object: referTo(deployment, "apps/v1", "Deployment"),
    type: "Normal" as const,
    reason,
    message,
    source: { component: "deployment-controller" },
  };
}
