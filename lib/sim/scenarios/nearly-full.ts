import type { RawObject, ScenarioOptions } from "./builder.ts";
import { addSystem, roundRobin, storyCluster, workersOf } from "./story-cluster.ts";
import { addDeployment } from "./workloads.ts";

/** Replicas per deployment: 250 of the pool's 256 addresses. */
const deployments = [
  ["checkout", "checkout-api", 40],
  ["checkout", "cart", 36],
  ["checkout", "payments", 24],
  ["search", "query", 48],
  ["search", "indexer", 30],
  ["search", "suggest", 24],
  ["storefront", "web", 48],
] as const;

/** A /24 with six addresses left, and a roomy default pool beside it. */
export function nearlyFull(options: ScenarioOptions): Iterable<RawObject> {
  const builder = storyCluster("nearly-full", options, { prefix: "east", nodes: 5, maxPods: 250 });
  builder.pool("default-ipv4-ippool", { cidr: "10.255.0.0/16", vxlanMode: "CrossSubnet", natOutgoing: true });
  builder.pool(
    "pods-east",
    { cidr: "10.20.0.0/24", vxlanMode: "CrossSubnet", natOutgoing: true },
    { ageSeconds: 90 * 86_400 },
  );
  addSystem(builder, ["default-ipv4-ippool"]);
  const annotations = { "cni.projectcalico.org/ipv4pools": '["pods-east"]' };
  for (const namespace of new Set(deployments.map(([name]) => name))) {
    builder.namespace(namespace, { annotations, ageSeconds: 89 * 86_400 });
    builder.ipam.assignNamespace(namespace, ["pods-east"]);
  }
  let from = 0;
  for (const [namespace, name, replicas] of deployments) {
    const places = roundRobin(workersOf(builder), replicas, from);
    from += replicas;
    addDeployment(builder, {
      namespace,
      name,
      image: `registry.example/${namespace}/${name}:2.1`,
      places,
      ageSeconds: 12 * 86_400,
    });
  }
  return builder.objects();
}
