import type { RawObject, ScenarioOptions } from "./builder.ts";
import { ClusterBuilder } from "./builder.ts";
import { addCalicoInstall } from "./calico-install.ts";
import { addCalicoPods, addHostWorkloads, addWorkloads } from "./system-workloads.ts";

/** The four machines of the tutorial. The first is the control plane. */
export const tutorialNodes = ["s666dan4150", "s666dan4151", "s666dan4152", "s666dan4153"] as const;
const [controlPlane, first, second, third] = tutorialNodes;

/** The default pool's blocks as the tutorial prints them; these host names would lead Calico elsewhere. */
const blocks = [
  [controlPlane, "10.255.108.128/26"],
  [first, "10.255.140.64/26"],
  [second, "10.255.96.64/26"],
  [third, "10.255.129.128/26"],
] as const;

/** The cluster before Step 1: the default pool alone, 36 of its addresses in use (4 tunnels, 32 pods). */
export function tutorial(options: ScenarioOptions): Iterable<RawObject> {
  return tutorialCluster("tutorial", options).objects();
}

export function tutorialCluster(seed: string, options: ScenarioOptions): ClusterBuilder {
  const builder = new ClusterBuilder(seed, options);
  addCalicoInstall(builder);
  builder.pool("default-ipv4-ippool", { cidr: "10.255.0.0/16", vxlanMode: "CrossSubnet", natOutgoing: true });
  tutorialNodes.forEach((name, index) => {
    const isControlPlane = name === controlPlane;
    builder.node(name, {
      ip: `10.250.12.${184 + index}`,
      labels: { [`node-role.kubernetes.io/${isControlPlane ? "control-plane" : "worker"}`]: "" },
      ...(isControlPlane
        ? { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] }
        : {}),
    });
  });
  for (const [node, cidr] of blocks) builder.ipam.claim(builder, cidr, { type: "host", name: node });
  for (const node of tutorialNodes)
    builder.ipam.assignTunnel(builder, node, "vxlan", ["default-ipv4-ippool"]);
  addHostWorkloads(builder, [controlPlane], tutorialNodes);
  addCalicoPods(builder, controlPlane, tutorialNodes);
  addWorkloads(
    builder,
    [
      ["kube-system/coredns", "registry.k8s.io/coredns/coredns:v1.12.4", [first, second]],
      ["kube-system/metrics-server", "registry.k8s.io/metrics-server/metrics-server:v0.8.0", [third]],
      ["monitoring/prometheus-operator", "quay.io/prometheus-operator/prometheus-operator:v0.86.0", [first]],
      ["monitoring/#prometheus-k8s", "quay.io/prometheus/prometheus:v3.7.0", [first, second]],
      ["monitoring/#alertmanager-main", "quay.io/prometheus/alertmanager:v0.28.1", [first, second, third]],
      ["monitoring/grafana", "docker.io/grafana/grafana:12.2.0", [first]],
      [
        "monitoring/kube-state-metrics",
        "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0",
        [second],
      ],
      [
        "monitoring/prometheus-adapter",
        "registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0",
        [first, second],
      ],
      ["monitoring/blackbox-exporter", "quay.io/prometheus/blackbox-exporter:v0.27.0", [third]],
      [
        "ingress-nginx/ingress-nginx-controller",
        "registry.k8s.io/ingress-nginx/controller:v1.13.3",
        [first, second],
      ],
      ["cert-manager/cert-manager", "quay.io/jetstack/cert-manager-controller:v1.19.1", [first]],
      ["cert-manager/cert-manager-cainjector", "quay.io/jetstack/cert-manager-cainjector:v1.19.1", [second]],
      ["cert-manager/cert-manager-webhook", "quay.io/jetstack/cert-manager-webhook:v1.19.1", [third]],
      ["logging/#loki", "docker.io/grafana/loki:3.5.7", [first]],
      ["argocd/#argocd-application-controller", "quay.io/argoproj/argocd:v3.1.8", [second]],
      ["argocd/argocd-applicationset-controller", "quay.io/argoproj/argocd:v3.1.8", [third]],
      ["argocd/argocd-dex-server", "ghcr.io/dexidp/dex:v2.44.0", [second]],
      ["argocd/argocd-notifications-controller", "quay.io/argoproj/argocd:v3.1.8", [first]],
      ["argocd/argocd-redis", "docker.io/library/redis:8.2.2-alpine", [second]],
      ["argocd/argocd-repo-server", "quay.io/argoproj/argocd:v3.1.8", [first]],
      ["argocd/argocd-server", "quay.io/argoproj/argocd:v3.1.8", [third]],
    ],
    new Set(["kube-system"]),
  );
  return builder;
}
