import type { Labels, Taint } from "../kube-objects.ts";
import { kubeTime } from "../kube-objects.ts";
import type { ClusterBuilder, RawObject } from "./builder.ts";

export interface NodeOptions {
  /** Its InternalIP. */
  readonly ip: string;
  /** Of the node's subnet, as Calico records it; 24 unless said. Null: Calico knows no address of this node. */
  readonly prefix?: number | null;
  readonly ipv6?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly taints?: readonly Taint[];
  readonly unschedulable?: boolean;
  readonly ready?: boolean;
  /** How many pods the kubelet takes, 110 unless said. */
  readonly maxPods?: number;
}

export interface StoryNode extends NodeOptions {
  readonly annotations: Record<string, string>;
  readonly podCidr?: string;
}

export function standardLabels(name: string): Labels {
  return { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" };
}

export function nodeAnnotations({ prefix = 24, ip, ipv6, annotations }: NodeOptions): Record<string, string> {
  return {
    ...(prefix === null ? {} : { "projectcalico.org/IPv4Address": `${ip}/${prefix}` }),
    ...(prefix === null || ipv6 === undefined ? {} : { "projectcalico.org/IPv6Address": `${ipv6}/64` }),
    ...annotations,
  };
}

export function nodeObject(
  builder: ClusterBuilder,
  name: string,
  node: StoryNode,
  labels: Labels,
): RawObject {
  const { ip, ipv6, taints, unschedulable, podCidr, maxPods = 110, ready = true } = node;
  const since = kubeTime(builder.before(builder.ageSeconds));
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: kubeTime(builder.now),
    lastTransitionTime: since,
  });
  const size = { cpu: "16", memory: "65536Mi", pods: String(maxPods), "ephemeral-storage": "200Gi" };
  const spec = {
    ...(podCidr ? { podCIDR: podCidr, podCIDRs: [podCidr] } : {}),
    ...(taints ? { taints } : {}),
    ...(unschedulable ? { unschedulable: true } : {}),
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: builder.meta(name, {
      labels,
      annotations: node.annotations,
    }),
    spec,
    status: {
      capacity: size,
      allocatable: size,
      conditions: [
        condition(
          "MemoryPressure",
          "False",
          "KubeletHasSufficientMemory",
          "kubelet has sufficient memory available",
        ),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ready
          ? condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
          : condition("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."),
      ],
      addresses: [
        { type: "InternalIP", address: ip },
        ...(ipv6 === undefined ? [] : [{ type: "InternalIP", address: ipv6 }]),
        { type: "Hostname", address: name },
      ],
      nodeInfo: {
        architecture: "amd64",
        bootID: builder.random.uuid(),
        containerRuntimeVersion: "containerd://2.1.4",
        kernelVersion: "6.8.0-79-generic",
        kubeProxyVersion: "",
        kubeletVersion: "v1.36.3",
        machineID: builder.random.hex(32),
        operatingSystem: "linux",
        osImage: "Ubuntu 24.04.3 LTS",
        systemUUID: builder.random.uuid(),
      },
    },
  };
}
