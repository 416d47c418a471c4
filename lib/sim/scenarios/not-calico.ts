import type { RawObject, ScenarioOptions } from "./builder.ts";
import { storyCluster, workersOf } from "./story-cluster.ts";
import { addHostWorkloads } from "./system-workloads.ts";
import { addDeployment } from "./workloads.ts";

/** Calico enforces policy here, but pods get their addresses from host-local: pools only steer NAT and encapsulation. */
export function notCalico(options: ScenarioOptions): Iterable<RawObject> {
  const builder = storyCluster("not-calico", options, {
    prefix: "hl",
    nodes: 3,
    ipam: "HostLocal",
    ipamConfig: null,
  });
  builder.pool("default-ipv4-ippool", { cidr: "10.244.0.0/16", vxlanMode: "CrossSubnet", natOutgoing: true });
  const [controlPlane = ""] = builder.nodeNames;
  builder.nodeNames.forEach((node, index) => builder.setPodCidr(node, `10.244.${index}.0/24`));
  addHostWorkloads(builder, [controlPlane], builder.nodeNames);
  builder.namespace("web");
  const places = workersOf(builder).flatMap((node, index) =>
    [2, 3, 4].map((host) => ({ node, ips: [`10.244.${index + 1}.${host}`] })),
  );
  addDeployment(builder, { namespace: "web", name: "site", image: "nginx", places, ageSeconds: 86_400 });
  return builder.objects();
}
