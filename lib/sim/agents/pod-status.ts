import type { Condition, Container, Pod } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";

/** A pod's `status` as its kubelet writes it; whole lists, so that a merge patch replaces them. */
export interface WrittenPodStatus {
  readonly phase: "Pending" | "Running";
  readonly conditions: readonly Condition[];
  readonly hostIP: string | null;
  readonly hostIPs: readonly { readonly ip: string }[] | null;
  readonly podIP: string | null;
  readonly podIPs: readonly { readonly ip: string }[] | null;
  readonly startTime: string;
  readonly initContainerStatuses?: readonly object[];
  readonly containerStatuses: readonly object[];
}

export interface PodSituation {
  readonly pod: Pod;
  /** The node's InternalIP, or null while it has none. */
  readonly hostIp: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The pod has no sandbox (yet): phase Pending, its containers wait as ContainerCreating. */
export function waitingStatus({ pod, hostIp, now }: PodSituation): WrittenPodStatus {
  const names = pod.spec.containers.map((container) => container.name).join(" ");
  const unready = { reason: "ContainersNotReady", message: `containers with unready status: [${names}]` };
  const waiting = (reason: string) => (container: Container) => ({
    name: container.name,
    image: container.image ?? "",
    imageID: "",
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason } },
    lastState: {},
  });
  const initContainers = pod.spec.initContainers ?? [];
  const initNames = initContainers.map((container) => container.name).join(" ");
  const initialized: Fact =
    initContainers.length > 0
      ? [
          "Initialized",
          "False",
          {
            reason: "ContainersNotInitialized",
            message: `containers with incomplete status: [${initNames}]`,
          },
        ]
      : ["Initialized", "True"];
  return {
    phase: "Pending",
    ...placeOf(pod, hostIp, now),
    podIP: null,
    podIPs: null,
    conditions: conditionsOf(pod, now, [
      ["PodReadyToStartContainers", "False"],
      initialized,
      ["Ready", "False", unready],
      ["ContainersReady", "False", unready],
      ["PodScheduled", "True"],
    ]),
    ...(initContainers.length > 0
      ? { initContainerStatuses: initContainers.map(waiting("PodInitializing")) }
      : {}),
    containerStatuses: pod.spec.containers.map(
      waiting(initContainers.length > 0 ? "PodInitializing" : "ContainerCreating"),
    ),
  };
}

/** Everything runs. `ips` is what the pod is reached under: its own addresses, or the node's with hostNetwork. */
export function runningStatus(
  { pod, hostIp, now }: PodSituation,
  ips: readonly string[],
  containerId: (container: string) => string,
): WrittenPodStatus {
  const initContainers = pod.spec.initContainers ?? [];
  const time = kubeTime(now);
  const started = (container: Container) => ({
    ...imageOf(container),
    name: container.name,
    containerID: `containerd://${containerId(container.name)}`,
    ready: true,
    restartCount: 0,
    lastState: {},
  });
  return {
    phase: "Running",
    ...placeOf(pod, hostIp, now),
    podIP: ips[0] ?? null,
    podIPs: ips.length > 0 ? ips.map((ip) => ({ ip })) : null,
    conditions: conditionsOf(
      pod,
      now,
      ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => [
        type,
        "True",
      ]),
    ),
    ...(initContainers.length > 0
      ? {
          initContainerStatuses: initContainers.map((container) => ({
            ...started(container),
            started: false,
            state: { terminated: { exitCode: 0, reason: "Completed", startedAt: time, finishedAt: time } },
          })),
        }
      : {}),
    containerStatuses: pod.spec.containers.map((container) => ({
      ...started(container),
      started: true,
      state: { running: { startedAt: time } },
    })),
  };
}

type Fact = readonly [
  type: string,
  status: "True" | "False",
  why?: { readonly reason: string; readonly message: string },
];

/** A condition that stays as it was keeps the time of its last change. */
function conditionsOf(pod: Pod, now: number, facts: readonly Fact[]): Condition[] {
  return facts.map(([type, status, why]) => {
    const before = pod.status?.conditions?.find((condition) => condition.type === type);
    const since = before?.status === status ? before.lastTransitionTime : undefined;
    return { type, status, lastProbeTime: null, lastTransitionTime: since ?? kubeTime(now), ...why };
  });
}

function placeOf(pod: Pod, hostIp: string | null, now: number) {
  return {
    hostIP: hostIp,
    hostIPs: hostIp === null ? null : [{ ip: hostIp }],
    startTime: pod.status?.startTime ?? kubeTime(now),
  };
}

/** "nginx" runs as "docker.io/library/nginx:latest", as a container runtime spells it out. */
function imageOf(container: Container): { image: string; imageID: string } {
  const image = container.image ?? "";
  const [first = "", ...rest] = image.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const path = hasRegistry ? image : `docker.io/${rest.length > 0 ? image : `library/${image}`}`;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { image: /[:@]/.test(name) ? path : `${path}:latest`, imageID: path };
}
