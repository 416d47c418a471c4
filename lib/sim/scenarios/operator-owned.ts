import { METADATA_ANNOTATION } from "../../calico/metadata.ts";
import { OPERATOR_LABEL } from "../../calico/installation-pools.ts";
import type { StorageMode } from "../storage-mode.ts";
import type { MetaOptions, RawObject, ScenarioOptions } from "./builder.ts";
import { day } from "./builder.ts";
import { addSystem, roundRobin, storyCluster, workersOf } from "./story-cluster.ts";
import { addDeployment } from "./workloads.ts";

/** The operator's list, complete as the operator leaves it. */
const ipPools = [
  {
    name: "default-ipv4-ippool",
    cidr: "10.244.0.0/16",
    encapsulation: "VXLANCrossSubnet",
    natOutgoing: "Enabled",
    nodeSelector: "all()",
    blockSize: 26,
    disableBGPExport: false,
    disableNewAllocations: false,
    allowedUses: ["Workload", "Tunnel"],
    assignmentMode: "Automatic",
  },
  {
    name: "edge-pool",
    cidr: "10.64.0.0/20",
    encapsulation: "VXLAN",
    natOutgoing: "Disabled",
    nodeSelector: "topology.kubernetes.io/zone == 'zone-a'",
    blockSize: 26,
    disableBGPExport: true,
    disableNewAllocations: false,
    allowedUses: ["Workload"],
    assignmentMode: "Automatic",
  },
];

/** Namespaces and the pool that their annotation names. */
const assigned: readonly (readonly [string, string])[] = [
  ["edge", "edge-pool"],
  ["lab", "lab-pool"],
  ["batch", "batch-pool"],
  ["internal-ns", "internal-pool"],
  ["partners", "partner-pool"],
  ["dmz", "dmz-pool"],
];

/** Namespace, name, replicas. */
const deployments: readonly (readonly [string, string, number])[] = [
  ["edge", "gateway", 5],
  ["lab", "bench", 3],
  ["batch", "reports", 6],
  ["internal-ns", "ledger", 9],
  ["partners", "exchange", 4],
  ["dmz", "proxy", 4],
  ["web", "storefront", 12],
];

/**
 * The operator at work, and pools of everybody else who could own one: two are the operator's, the others were made by hand, by Helm,
 * by Argo CD, by Flux and by Terraform.
 */
export function operatorOwned(options: ScenarioOptions): Iterable<RawObject> {
  const builder = storyCluster("operator-owned", options, {
    prefix: "owned",
    nodes: 5,
    ageDays: 60,
    ipPools,
  });
  const nat = { vxlanMode: "CrossSubnet", natOutgoing: true };
  const byOperator = operatorMarks(builder.mode);
  builder.pool("default-ipv4-ippool", { cidr: "10.244.0.0/16", ...nat }, byOperator);
  builder.pool(
    "edge-pool",
    {
      cidr: "10.64.0.0/20",
      vxlanMode: "Always",
      nodeSelector: "topology.kubernetes.io/zone == 'zone-a'",
      disableBGPExport: true,
      allowedUses: ["Workload"],
    },
    byOperator,
  );
  builder.pool(
    "lab-pool",
    { cidr: "10.80.0.0/22", ...nat },
    { manager: "kubectl-create", ageSeconds: 12 * day },
  );
  builder.pool(
    "batch-pool",
    { cidr: "10.80.4.0/22", assignmentMode: "Manual", ...nat },
    {
      labels: { "app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "network-pools-1.4.0" },
      annotations: {
        "meta.helm.sh/release-name": "network-pools",
        "meta.helm.sh/release-namespace": "netops",
      },
      manager: "helm",
      ageSeconds: 50 * day,
    },
  );
  const { apiVersion } = builder.poolObject("batch-pool");
  const [group = ""] = apiVersion.split("/");
  builder.pool(
    "internal-pool",
    { cidr: "10.80.8.0/22", ...nat },
    {
      annotations: { "argocd.argoproj.io/tracking-id": `netops_pools:${group}/IPPool:/internal-pool` },
      manager: "argocd-controller",
      ageSeconds: 45 * day,
    },
  );
  builder.pool(
    "partner-pool",
    { cidr: "10.80.12.0/22", ...nat },
    {
      labels: {
        "kustomize.toolkit.fluxcd.io/name": "pools",
        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
      },
      manager: "kustomize-controller",
      ageSeconds: 40 * day,
    },
  );
  builder.pool("dmz-pool", { cidr: "10.80.16.0/22", ...nat }, { manager: "Terraform", ageSeconds: 30 * day });
  addSystem(builder, ["default-ipv4-ippool"]);
  for (const [namespace, pool] of assigned) {
    const annotations = { "cni.projectcalico.org/ipv4pools": JSON.stringify([pool]) };
    builder.namespace(namespace, { annotations, ageSeconds: 30 * day });
    builder.ipam.assignNamespace(namespace, [pool]);
  }
  builder.namespace("web");
  const workers = workersOf(builder);
  deployments.forEach(([namespace, name, replicas], index) => {
    addDeployment(builder, {
      namespace,
      name,
      image: `registry.example/${namespace}/${name}:3`,
      places: roundRobin(workers, replicas, index),
      ageSeconds: 20 * day,
    });
  });
  return builder.objects();
}

/** The operator's label, where Calico's client keeps it in that group. */
function operatorMarks(mode: StorageMode): MetaOptions {
  if (mode === "native-v3") return { labels: OPERATOR_LABEL };
  return { annotations: { [METADATA_ANNOTATION]: JSON.stringify({ labels: OPERATOR_LABEL }) } };
}
