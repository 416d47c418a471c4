import { formatGoTime } from "../../ipam/go-time.ts";
import { dropAffinity } from "../../ipam/block-ops.ts";
import type { RawObject, ScenarioOptions } from "./builder.ts";
import { type ClusterBuilder, day, hour } from "./builder.ts";
import { churnLabel } from "./busy-churn.ts";
import { addBusyPools, addLoadBalancers, retirePools } from "./busy-pools.ts";
import { addFailingPod } from "./failing-pods.ts";
import { addSystem, roundRobin, storyCluster, workersOf } from "./story-cluster.ts";
import { addWorkloads } from "./system-workloads.ts";
import { templateOf } from "./pods.ts";
import { addDeployment } from "./workloads.ts";

const config = {
  strictAffinity: false,
  autoAllocateBlocks: true,
  maxBlocksPerHost: 0,
  kubeVirtVMAddressPersistence: "Enabled",
  ipCooldownSeconds: 600,
} as const;

/** Namespaces and what their annotations name. */
const assigned: readonly (readonly [string, readonly string[]])[] = [
  ["batch", ["batch-pool"]],
  ["batch-nightly", ["batch-pool"]],
  ["external-ns", ["external-pool"]],
  ["internal-ns", ["internal-pool"]],
  ["payments", ["internal-pool", "external-pool"]],
  ["mainframe-gw", ["legacy-ipip"]],
  ["burst", ["burst-2024"]],
];

/** Namespace, name, replicas, age in days. */
const deployments: readonly (readonly [string, string, number, number])[] = [
  ["mainframe-gw", "bridge", 18, 260],
  ["mainframe-gw", "archive", 14, 240],
  ["burst", "render", 11, 270],
  ["external-ns", "nginx-deployment", 27, 40],
  ["external-ns", "api-gateway", 18, 75],
  ["external-ns", "webhooks", 12, 21],
  ["internal-ns", "nginx-deployment", 36, 40],
  ["internal-ns", "ledger", 24, 120],
  ["internal-ns", "search", 30, 60],
  ["payments", "checkout", 24, 90],
  ["payments", "fraud", 15, 33],
  ["web", "storefront", 40, 100],
  ["web", "cms", 12, 100],
  ["web", "images", 22, 64],
  ["mobile", "bff", 18, 50],
  ["mobile", "push", 9, 50],
  ["data", "kafka-ui", 2, 30],
  ["data", "ingest", 26, 81],
  ["batch", "reporting-workers", 210, 45],
  ["batch", "etl", 130, 30],
  ["batch-nightly", "settlement", 136, 12],
];

/** A cluster in full swing, as dashboards are drawn for: every state of a pool, and something for each finding. */
export function busy(options: ScenarioOptions): Iterable<RawObject> {
  const { ipCooldownSeconds: _, ...v332 } = config;
  const builder = storyCluster("busy", options, {
    prefix: "s666dan43",
    nodes: 12,
    maxPods: 250,
    ageDays: 300,
    ipamConfig: { ...v332, ipCooldownSeconds: config.ipCooldownSeconds },
    ipPools: [
      {
        name: "default-ipv4-ippool",
        cidr: "10.255.0.0/16",
        encapsulation: "VXLANCrossSubnet",
        natOutgoing: "Enabled",
        nodeSelector: "all()",
        blockSize: 26,
      },
      {
        name: "default-ipv6-ippool",
        cidr: "fd5f:1a:255::/64",
        encapsulation: "None",
        natOutgoing: "Disabled",
        nodeSelector: "all()",
        blockSize: 122,
      },
    ],
  });
  builder.ipam.configure(config);
  addBusyPools(builder);
  addSystem(builder, ["default-ipv4-ippool"]);
  for (const [namespace, pools] of assigned) {
    const annotations = { "cni.projectcalico.org/ipv4pools": JSON.stringify(pools) };
    builder.namespace(namespace, { annotations, ageSeconds: 200 * day });
    builder.ipam.assignNamespace(namespace, pools);
  }
  for (const namespace of ["web", "data"]) builder.namespace(namespace, { labels: { team: namespace } });
  builder.namespace("mobile", { annotations: { "cni.projectcalico.org/ipFamilies": '["IPv4","IPv6"]' } });
  builder.ipam.assignNamespace("mobile", [], [4, 6]);
  const workers = workersOf(builder);
  let from = 0;
  for (const [namespace, name, replicas, days] of deployments) {
    const image = `registry.example/${namespace}/${name}:${1 + (from % 7)}.${from % 10}`;
    const restless = ["storefront", "images", "ingest"].includes(name);
    addDeployment(builder, {
      namespace,
      name,
      image,
      places: roundRobin(workers, replicas, from),
      ageSeconds: days * day,
      grown: true,
      ...(restless
        ? { ownLabels: { [churnLabel]: "true" }, ownAnnotations: { [churnLabel]: String(replicas) } }
        : {}),
    });
    from += replicas;
  }
  addWorkloads(builder, platform(workers), new Set(["kube-system"]));
  addLoadBalancers(builder, [
    ["web", "storefront"],
    ["web", "cms"],
    ["mobile", "bff"],
    ["external-ns", "api-gateway"],
    ["payments", "checkout"],
    ["data", "kafka"],
  ]);
  retirePools(builder);
  addAccidents(builder, workers);
  addFailures(builder, workers);
  return builder.objects();
}

function platform(workers: readonly string[]) {
  const at = (count: number, from: number) => roundRobin(workers, count, from);
  return [
    ["kube-system/coredns", "registry.k8s.io/coredns/coredns:v1.12.4", at(3, 0)],
    ["kube-system/metrics-server", "registry.k8s.io/metrics-server/metrics-server:v0.8.0", at(2, 3)],
    ["monitoring/#prometheus-k8s", "quay.io/prometheus/prometheus:v3.7.0", at(2, 5)],
    ["monitoring/#alertmanager-main", "quay.io/prometheus/alertmanager:v0.28.1", at(3, 7)],
    ["monitoring/grafana", "docker.io/grafana/grafana:12.2.0", at(2, 10)],
    ["ingress-nginx/ingress-nginx-controller", "registry.k8s.io/ingress-nginx/controller:v1.13.3", at(4, 1)],
    ["cert-manager/cert-manager", "quay.io/jetstack/cert-manager-controller:v1.19.1", at(1, 4)],
    ["argocd/argocd-server", "quay.io/argoproj/argocd:v3.1.8", at(2, 6)],
    ["argocd/argocd-repo-server", "quay.io/argoproj/argocd:v3.1.8", at(2, 8)],
    ["logging/#loki", "docker.io/grafana/loki:3.5.7", at(3, 2)],
  ] as const;
}

/** What goes wrong over the months: addresses nobody gave back, a block without an owner, released ones that still cool. */
function addAccidents(builder: ClusterBuilder, workers: readonly string[]): void {
  const [first = "", second = ""] = workers;
  for (const number of [0, 1, 2, 3]) {
    const sandbox = builder.random.hex(64);
    const pod = `ledger-migration-${number}`;
    builder.ipam.assign(builder, {
      namespace: "internal-ns",
      pod,
      node: number % 2 ? first : second,
      sandbox,
      ageSeconds: 8 * day,
    });
  }
  for (let number = 0; number < 23; number++) {
    const sandbox = builder.random.hex(64);
    const node = workers[number % workers.length] ?? "";
    const namespace = number % 3 === 0 ? "web" : "internal-ns";
    builder.ipam.assign(builder, { namespace, pod: `gone-${number}`, node, sandbox, ageSeconds: hour });
    builder.ipam.release(builder, `k8s-pod-network.${sandbox}`, 20 + 24 * number);
  }
  const orphan = builder.ipam.blockOf(builder.ipam.pool("external-pool"), first);
  builder.ipam.alter(orphan, dropAffinity);
  builder.ipam.dropAffinityRow(orphan);
  const timestamp = formatGoTime(BigInt(builder.before(40 * day)) * 1_000_000n);
  builder.ipam.takeNext(builder, orphan, "k8s-pod-network.old", {
    namespace: "external-ns",
    pod: "old-nginx",
    node: second,
    timestamp,
  });
}

function addFailures(
  builder: ClusterBuilder,
  [first = "", second = "", third = ""]: readonly string[],
): void {
  builder.namespace("reporting", {
    annotations: { "cni.projectcalico.org/ipv4pools": '["batch-pol"]' },
    ageSeconds: 2 * day,
  });
  builder.namespace("trading", {
    annotations: { "cni.projectcalico.org/ipv4pools": "internal-pool" },
    ageSeconds: 5 * day,
  });
  const template = (name: string) => templateOf({ name, image: `registry.example/${name}:1` });
  const dangling = 'error parsing pool "batch-pol": invalid CIDR address: batch-pol';
  const off = "the given pool (10.48.0.0/18) does not exist, or is not enabled";
  const rows = [
    ["reporting", "monthly-0", first, dangling, 2_400],
    ["reporting", "monthly-1", second, dangling, 180],
    ["mainframe-gw", "bridge-canary", third, off, 900],
    ["trading", "quotes", first, "invalid character 'i' looking for beginning of value", 5_000],
  ] as const;
  for (const [namespace, name, node, error, ageSeconds] of rows) {
    addFailingPod(builder, {
      namespace,
      name,
      node,
      template: template(name),
      error,
      ageSeconds,
      tries: Math.floor(ageSeconds / 12),
    });
  }
}
