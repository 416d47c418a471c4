import type { ScenarioOptions } from "./builder.ts";
import { type ClusterBuilder, day } from "./builder.ts";
import { addFailingPod } from "./failing-pods.ts";
import { templateOf } from "./pods.ts";
import { addSystem, roundRobin, storyCluster, workersOf } from "./story-cluster.ts";
import { addDeployment } from "./workloads.ts";

/** Namespaces and what their annotations name. */
const assigned: readonly (readonly [string, readonly string[]])[] = [
  ["external-ns", ["external-pool"]],
  ["internal-ns", ["internal-pool"]],
  ["burst", ["burst-2025"]],
  ["mainframe-gw", ["legacy-ipip"]],
];

/** Namespace, name, replicas, age in days. */
const deployments: readonly (readonly [string, string, number, number])[] = [
  ["burst", "render", 7, 80],
  ["mainframe-gw", "bridge", 9, 75],
  ["external-ns", "api-gateway", 12, 40],
  ["external-ns", "webhooks", 6, 21],
  ["internal-ns", "ledger", 18, 60],
  ["internal-ns", "search", 12, 33],
  ["web", "storefront", 16, 50],
];

/** The pool of the operator's Installation, in its own words and as a pool. */
const operatorPool = "default-ipv4-ippool";
const managedByOperator = { "app.kubernetes.io/managed-by": "tigera-operator" } as const;

/**
 * A cluster of six nodes without anything odd: a pool of the operator's, pools for namespaces, one from better times
 * (`legacy-ipip`, still enabled here) and one that was meant for a while (`burst-2025`).
 */
export function settledWorld(seed: string, options: ScenarioOptions, prefix: string): ClusterBuilder {
  const builder = storyCluster(seed, options, {
    prefix,
    nodes: 6,
    ageDays: 90,
    ipamConfig: {
      strictAffinity: false,
      autoAllocateBlocks: true,
      maxBlocksPerHost: 0,
      kubeVirtVMAddressPersistence: "Enabled",
    },
    ipPools: [
      {
        name: operatorPool,
        cidr: "10.244.0.0/16",
        encapsulation: "VXLANCrossSubnet",
        natOutgoing: "Enabled",
        nodeSelector: "all()",
        blockSize: 26,
      },
    ],
  });
  const nat = { vxlanMode: "CrossSubnet", natOutgoing: true };
  builder.pool(operatorPool, { cidr: "10.244.0.0/16", ...nat }, { labels: managedByOperator });
  builder.pool("external-pool", { cidr: "10.64.0.0/20", ...nat }, { labels: { team: "edge" } });
  builder.pool("internal-pool", { cidr: "10.64.16.0/20", ...nat }, { ageSeconds: 70 * day });
  builder.pool(
    "burst-2025",
    { cidr: "10.96.0.0/20", assignmentMode: "Manual", ...nat },
    { ageSeconds: 85 * day },
  );
  builder.pool("legacy-ipip", { cidr: "10.48.0.0/18", ipipMode: "Always", natOutgoing: true });
  builder.reservation("gateways", ["10.244.0.0/29", "10.64.0.0/29"], { ageSeconds: 60 * day });
  addSystem(builder, [operatorPool]);
  for (const [namespace, pools] of assigned) {
    const annotations = { "cni.projectcalico.org/ipv4pools": JSON.stringify(pools) };
    builder.namespace(namespace, { annotations, ageSeconds: 85 * day });
    builder.ipam.assignNamespace(namespace, pools);
  }
  builder.namespace("web", { labels: { team: "web" } });
  const workers = workersOf(builder);
  let from = 0;
  for (const [namespace, name, replicas, days] of deployments) {
    addDeployment(builder, {
      namespace,
      name,
      image: `registry.example/${namespace}/${name}:2.${from % 10}`,
      places: roundRobin(workers, replicas, from),
      ageSeconds: days * day,
      grown: true,
    });
    from += replicas;
  }
  return builder;
}

/** A pod that waits since 40 minutes for an address of a pool that gives none. */
export function addRefusedPod(builder: ClusterBuilder, namespace: string, name: string, cidr: string): void {
  const [node = ""] = workersOf(builder);
  addFailingPod(builder, {
    namespace,
    name,
    node,
    template: templateOf({ name, image: `registry.example/${name}:1` }),
    error: `the given pool (${cidr}) does not exist, or is not enabled`,
    ageSeconds: 2_400,
    tries: 180,
  });
}

/** From now on the pool gives no more addresses; what it gave stays. */
export function disablePool(builder: ClusterBuilder, name: string): void {
  builder.changePool(name, (pool) => ({ ...pool, spec: { ...pool.spec, disabled: true } }));
}
