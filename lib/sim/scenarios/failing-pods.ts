import { sandboxFailure } from "../agents/sandbox.ts";
import { waitingStatus } from "../agents/pod-status.ts";
import type { OwnerReference, Pod, PodTemplate } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";
import type { ClusterBuilder, RawObject } from "./builder.ts";

export interface FailingPodOptions {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly template: PodTemplate;
  /** What the plugin answers. */
  readonly error: string;
  readonly ageSeconds: number;
  /** How often it was tried; from the tenth time on the event is a combined one. */
  readonly tries?: number;
  readonly owner?: OwnerReference;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A pod that waits for an address since `ageSeconds`, with the event its kubelet left. */
export function addFailingPod(builder: ClusterBuilder, options: FailingPodOptions): void {
  const { namespace, name, node, template, error, ageSeconds, tries = 1 } = options;
  const annotations = { ...template.metadata?.annotations, ...options.annotations };
  const metadata = builder.meta(name, {
    namespace,
    ageSeconds,
    labels: template.metadata?.labels ?? {},
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    ...(options.owner ? { owner: options.owner } : {}),
  });
  const pod = { apiVersion: "v1", kind: "Pod", metadata, spec: { ...template.spec, nodeName: node } };
  const situation = {
    pod: { ...pod, metadata: { ...metadata, resourceVersion: "" } } satisfies Pod,
    hostIp: builder.nodeIp(node),
    now: builder.before(ageSeconds),
  };
  builder.add({ ...pod, status: { ...waitingStatus(situation), qosClass: "BestEffort" } });
  const message = sandboxFailure(builder.random.hex(64), error);
  const combined = tries >= 10;
  addEvent(builder, {
    about: { apiVersion: "v1", kind: "Pod", namespace, name, uid: metadata.uid },
    type: "Warning",
    reason: "FailedCreatePodSandBox",
    message: combined ? `(combined from similar events): ${message}` : message,
    source: { component: "kubelet", host: node },
    count: combined ? tries - 9 : 1,
    firstAgo: combined ? Math.max(0, ageSeconds - 110) : ageSeconds,
    lastAgo: Math.min(ageSeconds, 7),
  });
}

export interface EventOptions {
  readonly about: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly source: { readonly component: string; readonly host?: string };
  readonly count: number;
  /** Seconds before now. */
  readonly firstAgo: number;
  readonly lastAgo: number;
}

export function addEvent(builder: ClusterBuilder, options: EventOptions): RawObject {
  const { about, type, reason, message, source, count, firstAgo, lastAgo } = options;
  const namespace = about.namespace ?? "default";
  const suffix = (
    BigInt(builder.before(firstAgo)) * 1_000_000n +
    BigInt(builder.random.below(1_000_000))
  ).toString(16);
  return builder.add({
    apiVersion: "v1",
    kind: "Event",
    metadata: builder.meta(`${about.name}.${suffix}`, { namespace, ageSeconds: firstAgo }),
    involvedObject: about,
    type,
    reason,
    message,
    source,
    count,
    firstTimestamp: kubeTime(builder.before(firstAgo)),
    lastTimestamp: kubeTime(builder.before(lastAgo)),
    reportingComponent: source.component,
    reportingInstance: source.host ?? "",
  });
}
