import type { ScenarioOptions } from "./builder.ts";
import { ClusterBuilder } from "./builder.ts";
import type { CalicoInstallOptions } from "./calico-install.ts";
import { addCalicoInstall } from "./calico-install.ts";
import { addCalicoPods, addHostWorkloads } from "./system-workloads.ts";

export interface StoryClusterOptions extends CalicoInstallOptions {
  /** Names of the nodes begin with it: "<prefix>-01" is the control plane. */
  readonly prefix: string;
  /** Control plane included. */
  readonly nodes: number;
  readonly ageDays?: number;
  readonly maxPods?: number;
  readonly ipv6?: boolean;
  /** The first three numbers of the nodes' addresses, "192.168.10" unless said. */
  readonly network?: string;
}

/** A cluster with named nodes and nothing else yet; its first node is a tainted control plane. */
export function storyCluster(
  seed: string,
  options: ScenarioOptions,
  story: StoryClusterOptions,
): ClusterBuilder {
  const { prefix, nodes, ageDays = 120, maxPods, network = "192.168.10" } = story;
  const builder = new ClusterBuilder(seed, options, ageDays * 86_400);
  addCalicoInstall(builder, story);
  for (let number = 1; number <= nodes; number++) {
    const isControlPlane = number === 1;
    builder.node(`${prefix}-${String(number).padStart(2, "0")}`, {
      ip: `${network}.${10 + number}`,
      labels: {
        [`node-role.kubernetes.io/${isControlPlane ? "control-plane" : "worker"}`]: "",
        "topology.kubernetes.io/zone": `zone-${"abc"[number % 3]}`,
      },
      ...(story.ipv6 ? { ipv6: `fd5f:1a::${(10 + number).toString(16)}` } : {}),
      ...(maxPods === undefined ? {} : { maxPods }),
      ...(isControlPlane
        ? { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] }
        : {}),
    });
  }
  return builder;
}

/** VXLAN tunnel addresses of all nodes (from these pools), the host-network pods, and Calico's own in pool addresses. */
export function addSystem(builder: ClusterBuilder, tunnelPools: readonly string[]): void {
  const [controlPlane = "", ...workers] = builder.nodeNames;
  for (const node of builder.nodeNames) builder.ipam.assignTunnel(builder, node, "vxlan", tunnelPools);
  addHostWorkloads(builder, [controlPlane], builder.nodeNames);
  addCalicoPods(builder, controlPlane, [controlPlane, ...workers]);
}

export function workersOf(builder: ClusterBuilder): readonly string[] {
  return builder.nodeNames.slice(1);
}

/** `count` places, one node after the other. */
export function roundRobin(nodes: readonly string[], count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => nodes[(from + index) % nodes.length] ?? "");
}
