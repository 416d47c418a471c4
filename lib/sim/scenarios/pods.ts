import { runningStatus } from "../agents/pod-status.ts";
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

export interface TemplateOptions {
  /** Of the container, and of the pods' only label unless `labels` says otherwise. */
  readonly name: string;
  readonly image: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly hostNetwork?: boolean;
  readonly tolerations?: readonly Toleration[];
  readonly nodeSelector?: Labels;
  readonly port?: number;
  readonly requests?: Readonly<Record<string, string>>;
}

/** A pod template as the API server stores it, its defaults filled in. */
export function templateOf(options: TemplateOptions): PodTemplate {
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
