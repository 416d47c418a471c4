import { runningStatus } from "../agents/pod-status.ts";
import { podTemplateHash, randomSuffix, templateHashLabel } from "../controllers/pod-names.ts";
import type { Labels, OwnerReference, Pod, PodTemplate, Toleration } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";
import type { ClusterBuilder, RawObject } from "./builder.ts";

/** Where one pod of a workload runs. Its address is the next that Calico would give there, unless it is named. */
export interface Place {
  readonly node: string;
  /** Pod name, or the random part of it. */
  readonly name?: string;
  /** `null`: the pod waits without an address (a failing pod; see failing-pods.ts). */
  readonly ips?: readonly string[] | null;
}

export interface WorkloadOptions {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly places: readonly (Place | string)[];
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly hostNetwork?: boolean;
  readonly tolerations?: readonly Toleration[];
  readonly nodeSelector?: Labels;
  readonly port?: number;
  readonly ageSeconds?: number;
  /** Fixed pod-template-hash. */
  readonly hash?: string;
  readonly requests?: Readonly<Record<string, string>>;
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

export interface PodOptions extends Place {
  readonly namespace: string;
  readonly name: string;
  readonly template: PodTemplate;
  readonly owner?: OwnerReference;
  readonly ageSeconds?: number;
  readonly annotations?: Labels;
}

/** A running pod as its kubelet and Calico leave it; with `ips: null` one that still waits for its address. */
export function addPod(builder: ClusterBuilder, options: PodOptions): RawObject {
  const { namespace, name, node, template, ageSeconds = builder.ageSeconds } = options;
  const sandbox = builder.random.hex(64);
  const hostNetwork = template.spec.hostNetwork === true;
  const waits = options.ips === null;
  const ips =
    hostNetwork || waits
      ? []
      : (options.ips ?? builder.ipam.assign(builder, { namespace, pod: name, node, sandbox, ageSeconds }));
  const masked = ips.map((ip) => `${ip}/${ip.includes(":") ? 128 : 32}`);
  const annotations = {
    ...template.metadata?.annotations,
    ...options.annotations,
    ...(ips.length > 0
      ? {
          "cni.projectcalico.org/containerID": sandbox,
          "cni.projectcalico.org/podIP": masked[0] ?? "",
          "cni.projectcalico.org/podIPs": masked.join(","),
        }
      : {}),
  };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: builder.meta(name, {
      namespace,
      ageSeconds,
      labels: template.metadata?.labels ?? {},
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ...(options.owner ? { owner: options.owner } : {}),
    }),
    spec: { ...template.spec, nodeName: node },
  };
  const now = builder.before(ageSeconds - 2);
  const hostIp = builder.nodeIp(node);
  const scheduled = {
    type: "PodScheduled",
    status: "True",
    lastTransitionTime: kubeTime(builder.before(ageSeconds)),
  };
  const situation = { pod: withVersion(pod), hostIp, now };
  const status = waits
    ? { phase: "Pending", conditions: [scheduled], qosClass: "BestEffort" }
    : {
        ...runningStatus(situation, hostNetwork ? [hostIp] : ips, () => builder.random.hex(64)),
        qosClass: "BestEffort",
      };
  return builder.add({ ...pod, status });
}

function withVersion(pod: { readonly metadata: RawObject["metadata"]; readonly spec: Pod["spec"] }): Pod {
  return { ...pod, metadata: { ...pod.metadata, resourceVersion: "" } };
}

export function ownedBy(owner: RawObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** A pod template as the API server stores it, its defaults filled in. */
export function templateOf(options: Omit<WorkloadOptions, "places" | "namespace">): PodTemplate {
  const {
    name,
    image,
    labels = { app: name },
    annotations,
    hostNetwork,
    tolerations,
    nodeSelector,
    port,
    requests,
  } = options;
  const container = {
    name: name.slice(0, 63),
    image,
    imagePullPolicy: "IfNotPresent",
    resources: requests ? { requests } : {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    ...(port === undefined ? {} : { ports: [{ containerPort: port, protocol: "TCP" }] }),
  };
  const spec = {
    containers: [container],
    restartPolicy: "Always" as const,
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
    serviceAccountName: "default",
    ...(hostNetwork ? { hostNetwork } : {}),
    ...(tolerations ? { tolerations } : {}),
    ...(nodeSelector ? { nodeSelector } : {}),
  };
  return { metadata: { labels, ...(annotations ? { annotations } : {}) }, spec };
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
