import { mergePatch } from "../../kube/objects.ts";
import type { Condition, Deployment, ReplicaSet } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";
import type { DeploymentDeps } from "./deployments.ts";
import { sameTemplate } from "./pod-names.ts";
import { resources } from "./resources.ts";
import { replicasOf, rolloutLimits } from "./rollout.ts";

/** Writes counts and conditions when they changed. The deadline of a stuck rollout is not watched. */
export async function writeDeploymentStatus(deps: DeploymentDeps, deployment: Deployment): Promise<void> {
  const sets = deps.setsByOwner.get(deployment.metadata.uid);
  const current = sets.find((set) => sameTemplate(set.spec.template, deployment.spec.template));
  const total = (field: "replicas" | "readyReplicas" | "availableReplicas") =>
    sets.reduce((sum, set) => sum + (set.status?.[field] ?? 0), 0);
  const available = total("availableReplicas");
  const counts = {
    observedGeneration: deployment.metadata.generation ?? 1,
    replicas: total("replicas"),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total("readyReplicas"),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sets.reduce((sum, set) => sum + replicasOf(set), 0) - available),
  };
  const status = {
    ...counts,
    conditions: conditionsOf(deployment, current, counts, deps.connection.clock.now()),
  };
  if (sameStatus(status, deployment.status ?? {})) return;
  const { name, namespace = "" } = deployment.metadata;
  const ref = { resource: resources.deployments, namespace, name, subresource: "status" };
  const written = Object.entries(status).map(([key, value]) => [key, value === 0 ? null : value]);
  deps.deployments.put(
    (await mergePatch(
      deps.connection,
      ref,
      { status: Object.fromEntries(written) }, // no zeros, as Kubernetes has it
      { fieldManager: "kube-controller-manager" },
    )) as Deployment,
  );
}

function conditionsOf(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  counts: { readonly replicas: number; readonly updatedReplicas: number; readonly availableReplicas: number },
  now: number,
): Condition[] {
  const wanted = deployment.spec.replicas ?? 1;
  const enough = counts.availableReplicas >= wanted - rolloutLimits(deployment).unavailable;
  const complete =
    counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas >= wanted;
  const set = `ReplicaSet "${current?.metadata.name ?? ""}"`;
  const wasComplete = deployment.status?.conditions?.some(
    ({ reason }) => reason === "NewReplicaSetAvailable",
  );
  // A finished rollout stays finished when pods come and go or the size changes; only a new template starts another.
  const finished = complete || (wasComplete === true && counts.updatedReplicas === counts.replicas);
  const facts: Condition[] = [
    enough
      ? {
          type: "Available",
          status: "True",
          reason: "MinimumReplicasAvailable",
          message: "Deployment has minimum availability.",
        }
      : {
          type: "Available",
          status: "False",
          reason: "MinimumReplicasUnavailable",
          message: "Deployment does not have minimum availability.",
        },
    finished
      ? {
          type: "Progressing",
          status: "True",
          reason: "NewReplicaSetAvailable",
          message: `${set} has successfully progressed.`,
        }
      : {
          type: "Progressing",
          status: "True",
          reason: "ReplicaSetUpdated",
          message: `${set} is progressing.`,
        },
  ];
  return facts.map((fact) => {
    const before = deployment.status?.conditions?.find(({ type }) => type === fact.type);
    if (
      before &&
      before.status === fact.status &&
      before.reason === fact.reason &&
      before.message === fact.message
    )
      return before;
    const time = kubeTime(now);
    const since = before?.status === fact.status ? before.lastTransitionTime : undefined;
    return { ...fact, lastUpdateTime: time, lastTransitionTime: since ?? time };
  });
}

function sameStatus(next: Readonly<Record<string, unknown>>, known: object): boolean {
  const before: Readonly<Record<string, unknown>> = {
    replicas: 0,
    updatedReplicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    unavailableReplicas: 0,
    ...known,
  };
  return Object.entries(next).every(([key, value]) => JSON.stringify(before[key]) === JSON.stringify(value));
}
