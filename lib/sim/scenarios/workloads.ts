import { podTemplateHash, randomSuffix, templateHashLabel } from "../controllers/pod-names.ts";
import type { Labels, Toleration } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";
import type { ClusterBuilder, RawObject } from "./builder.ts";
import { addPod, ownedBy, type Place, templateOf, type TemplateOptions } from "./pods.ts";

export interface WorkloadOptions extends TemplateOptions {
  readonly namespace: string;
  /** A place given as a text is a node. */
  readonly places: readonly (Place | string)[];
  readonly ageSeconds?: number;
  /** Fixed pod-template-hash. */
  readonly hash?: string;
  /** Labels and annotations of the workload itself. */
  readonly ownLabels?: Labels;
  readonly ownAnnotations?: Labels;
  /** Pods came one after the other since the workload was made, more of them lately; not all at once. */
  readonly grown?: boolean;
}

export const tolerateControlPlane: readonly Toleration[] = [
  { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
];
export const tolerateAll: readonly Toleration[] = [{ operator: "Exists" }];

/** A deployment with its replica set and its running pods. */
export function addDeployment(builder: ClusterBuilder, options: WorkloadOptions): void {
  const { namespace, name, ageSeconds = builder.ageSeconds } = options;
  const template = templateOf(options);
  const hash = options.hash ?? podTemplateHash(template);
  const selector = { matchLabels: template.metadata?.labels ?? {} };
  const replicas = options.places.length;
  const meta = { namespace, ageSeconds };
  const setName = `${name}-${hash}`;
  const deployment = builder.add({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: builder.meta(name, {
      ...meta,
      labels: { ...template.metadata?.labels, ...options.ownLabels },
      annotations: { ...options.ownAnnotations, "deployment.kubernetes.io/revision": "1" },
    }),
    spec: {
      replicas,
      selector,
      template,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    },
    status: {
      observedGeneration: 1,
      ...counts(options, "updatedReplicas"),
      conditions: settledConditions(builder, setName, ageSeconds),
    },
  });
  const labels = { ...template.metadata?.labels, [templateHashLabel]: hash };
  const setTemplate = { ...template, metadata: { ...template.metadata, labels } };
  const set = builder.add({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: builder.meta(setName, {
      ...meta,
      labels,
      annotations: {
        "deployment.kubernetes.io/desired-replicas": String(replicas),
        "deployment.kubernetes.io/max-replicas": String(replicas + Math.ceil(replicas / 4)),
        "deployment.kubernetes.io/revision": "1",
      },
      owner: ownedBy(deployment),
    }),
    spec: { replicas, selector: { matchLabels: labels }, template: setTemplate },
    status: { observedGeneration: 1, ...counts(options, "fullyLabeledReplicas") },
  });
  for (const place of options.places) {
    const { name: suffix = randomSuffix(5, () => builder.random.next()), ...where } = placeOf(place);
    const podName = suffix.startsWith(setName) ? suffix : `${setName}-${suffix}`;
    addPod(builder, {
      namespace,
      name: podName,
      template: setTemplate,
      owner: ownedBy(set),
      ageSeconds,
      ...where,
    });
  }
}

/** Stored only: nothing in the embedded cluster looks after daemon sets. One pod a node. */
export function addDaemonSet(builder: ClusterBuilder, options: WorkloadOptions): void {
  const desired = options.places.length;
  const set = addPlainSet(builder, "DaemonSet", options, {
    currentNumberScheduled: desired,
    desiredNumberScheduled: desired,
    numberAvailable: desired,
    numberMisscheduled: 0,
    numberReady: desired,
    updatedNumberScheduled: desired,
    observedGeneration: 1,
  });
  for (const place of options.places) {
    const { name: suffix = randomSuffix(5, () => builder.random.next()), ...where } = placeOf(place);
    addSetPod(builder, options, set, `${options.name}-${suffix}`, where);
  }
}

/** Stored only: nothing in the embedded cluster looks after stateful sets. Pods are numbered. */
export function addStatefulSet(builder: ClusterBuilder, options: WorkloadOptions): void {
  const set = addPlainSet(builder, "StatefulSet", options, {
    ...counts(options, "currentReplicas"),
    updatedReplicas: options.places.length,
    observedGeneration: 1,
  });
  options.places.forEach((place, index) => {
    addSetPod(builder, options, set, `${options.name}-${index}`, placeOf(place));
  });
}

function addPlainSet(
  builder: ClusterBuilder,
  kind: string,
  options: WorkloadOptions,
  status: object,
): RawObject {
  const { namespace, name, ageSeconds = builder.ageSeconds } = options;
  const template = templateOf(options);
  const labels = template.metadata?.labels ?? {};
  return builder.add({
    apiVersion: "apps/v1",
    kind,
    metadata: builder.meta(name, { namespace, labels, ageSeconds }),
    spec: {
      ...(kind === "StatefulSet" ? { replicas: options.places.length, serviceName: name } : {}),
      selector: { matchLabels: labels },
      template,
    },
    status,
  });
}

function addSetPod(
  builder: ClusterBuilder,
  options: WorkloadOptions,
  set: RawObject,
  name: string,
  place: Place,
): void {
  const { namespace, ageSeconds = builder.ageSeconds } = options;
  addPod(builder, {
    namespace,
    template: templateOf(options),
    owner: ownedBy(set),
    ageSeconds,
    ...place,
    name,
  });
}

function placeOf(place: Place | string): Place {
  return typeof place === "string" ? { node: place } : place;
}

function counts({ places }: WorkloadOptions, third: string): Record<string, number> {
  const ready = places.filter((place) => placeOf(place).ips !== null).length;
  return { replicas: places.length, readyReplicas: ready, availableReplicas: ready, [third]: places.length };
}

/** The conditions of a deployment whose rollout has ended well. */
export function settledConditions(
  builder: ClusterBuilder,
  setName: string,
  ageSeconds = builder.ageSeconds,
): object[] {
  const time = kubeTime(builder.before(ageSeconds));
  const fact = (type: string, reason: string, message: string) => ({
    type,
    status: "True",
    reason,
    message,
    lastUpdateTime: time,
    lastTransitionTime: time,
  });
  return [
    fact("Available", "MinimumReplicasAvailable", "Deployment has minimum availability."),
    fact("Progressing", "NewReplicaSetAvailable", `ReplicaSet "${setName}" has successfully progressed.`),
  ];
}
