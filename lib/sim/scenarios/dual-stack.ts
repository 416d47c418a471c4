import type { RawObject, ScenarioOptions } from "./builder.ts";
import { addSystem, roundRobin, storyCluster, workersOf } from "./story-cluster.ts";
import { addDeployment } from "./workloads.ts";

/** IPv4 and IPv6 pools side by side: namespaces with both families, with IPv4 alone and with IPv6 alone. */
export function dualStack(options: ScenarioOptions): Iterable<RawObject> {
  const builder = storyCluster("dual-stack", options, { prefix: "dual", nodes: 5, ipv6: true });
  builder.pool("default-ipv4-ippool", { cidr: "10.244.0.0/16", vxlanMode: "CrossSubnet", natOutgoing: true });
  builder.pool("default-ipv6-ippool", { cidr: "fd00:10:244::/64", vxlanMode: "CrossSubnet" });
  builder.pool("public-ipv6", { cidr: "2001:db8:64::/112", blockSize: 120, nodeSelector: "!all()" });
  addSystem(builder, ["default-ipv4-ippool"]);
  for (const node of builder.nodeNames)
    builder.ipam.assignTunnel(builder, node, "vxlan-v6", ["default-ipv6-ippool"]);
  const both = { "cni.projectcalico.org/ipFamilies": '["IPv4","IPv6"]' };
  const onlySix = {
    "cni.projectcalico.org/ipFamilies": '["IPv6"]',
    "cni.projectcalico.org/ipv6pools": '["public-ipv6"]',
  };
  builder.namespace("shop", { annotations: both });
  builder.ipam.assignNamespace("shop", [], [4, 6]);
  builder.namespace("edge", { annotations: onlySix });
  builder.ipam.assignNamespace("edge", ["public-ipv6"], [6]);
  builder.namespace("legacy");
  const workers = workersOf(builder);
  const add = (namespace: string, name: string, replicas: number) =>
    addDeployment(builder, {
      namespace,
      name,
      image: `registry.example/${name}:7`,
      places: roundRobin(workers, replicas),
      ageSeconds: 15 * 86_400,
    });
  add("shop", "web", 12);
  add("shop", "cart", 8);
  add("edge", "gateway", 6);
  add("legacy", "intranet", 5);
  return builder.objects();
}
