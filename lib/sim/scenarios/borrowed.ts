import type { RawObject, ScenarioOptions } from "./builder.ts";
import { addSystem, roundRobin, storyCluster, workersOf } from "./story-cluster.ts";
import { addDeployment } from "./workloads.ts";

/** A /24 whose four blocks went to four nodes; the other three have pods there too, on borrowed addresses. */
export function borrowed(options: ScenarioOptions): Iterable<RawObject> {
  const builder = storyCluster("borrowed", options, { prefix: "node", nodes: 8 });
  builder.pool("default-ipv4-ippool", { cidr: "10.255.0.0/16", vxlanMode: "CrossSubnet", natOutgoing: true });
  builder.pool("shared-pool", {
    cidr: "10.40.0.0/24",
    vxlanMode: "CrossSubnet",
    natOutgoing: true,
    nodeSelector: "has(node-role.kubernetes.io/worker)",
  });
  addSystem(builder, ["default-ipv4-ippool"]);
  for (const namespace of ["orders", "billing"]) {
    builder.namespace(namespace, { annotations: { "cni.projectcalico.org/ipv4pools": '["shared-pool"]' } });
    builder.ipam.assignNamespace(namespace, ["shared-pool"]);
  }
  const [first = "", second = "", third = "", fourth = "", ...late] = workersOf(builder);
  const add = (
    namespace: string,
    name: string,
    nodes: readonly string[],
    replicas: number,
    ageSeconds: number,
  ) =>
    addDeployment(builder, {
      namespace,
      name,
      image: `registry.example/${name}:1.8`,
      places: roundRobin(nodes, replicas),
      ageSeconds,
    });
  add("orders", "orders-api", [first, second, third, fourth], 48, 20 * 86_400);
  add("billing", "invoices", [first, second, third, fourth], 36, 18 * 86_400);
  add("orders", "orders-worker", late, 21, 3 * 86_400);
  add("billing", "reports", late, 9, 2 * 3_600);
  return builder.objects();
}
