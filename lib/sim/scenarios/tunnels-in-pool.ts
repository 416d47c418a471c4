import type { RawObject, ScenarioOptions } from "./builder.ts";
import { day } from "./builder.ts";
import { storyCluster } from "./story-cluster.ts";
import { addCalicoPods, addHostWorkloads } from "./system-workloads.ts";
import { addDeployment } from "./workloads.ts";

/** Rack of each node: what the pools select by. */
const racks = ["a", "b", "c"];

/**
 * Tunnel addresses of all kinds inside pools that people may want to disable. `overlay` holds VXLAN and WireGuard addresses,
 * `overlay-ipip` IPIP and WireGuard ones: no pool can carry both encapsulations. Rack b has another pool of either kind, so what
 * tun-02 has moves; rack c has none, so what tun-03 has goes; tun-01 keeps the one and loses the other.
 */
export function tunnelsInPool(options: ScenarioOptions): Iterable<RawObject> {
  const builder = storyCluster("tunnels-in-pool", options, {
    prefix: "tun",
    nodes: 3,
    ageDays: 80,
    network: "192.168.60",
    felix: { wireguardEnabled: true },
  });
  builder.nodeNames.forEach((name, index) => {
    builder.labelNode(name, { rack: racks[index] ?? "" });
    const key = Buffer.from(builder.random.hex(64), "hex").toString("base64");
    builder.annotateNode(name, "projectcalico.org/WireguardPublicKey", key);
  });
  const [first = "", second = "", third = ""] = builder.nodeNames;
  builder.pool("overlay", { cidr: "10.60.0.0/20", vxlanMode: "Always", natOutgoing: true });
  const notForC = { nodeSelector: "rack != 'c'", natOutgoing: true };
  builder.pool("overlay-ipip", { cidr: "10.60.16.0/20", ipipMode: "Always", ...notForC });
  const onlyB = { nodeSelector: "rack == 'b'", natOutgoing: true, assignmentMode: "Manual" };
  builder.pool(
    "spare-vxlan",
    { cidr: "10.60.32.0/22", vxlanMode: "Always", ...onlyB },
    { ageSeconds: 20 * day },
  );
  builder.pool(
    "spare-ipip",
    { cidr: "10.60.36.0/22", ipipMode: "Always", ...onlyB },
    { ageSeconds: 20 * day },
  );

  builder.ipam.assignTunnel(builder, first, "wireguard", ["overlay-ipip"]);
  for (const node of [second, third]) builder.ipam.assignTunnel(builder, node, "wireguard", ["overlay"]);
  for (const node of [first, second]) builder.ipam.assignTunnel(builder, node, "ipip", ["overlay-ipip"]);
  for (const node of builder.nodeNames) builder.ipam.assignTunnel(builder, node, "vxlan", ["overlay"]);

  addHostWorkloads(builder, [first], builder.nodeNames);
  addCalicoPods(builder, first, builder.nodeNames);
  builder.namespace("pinned", {
    annotations: { "cni.projectcalico.org/ipv4pools": '["overlay"]' },
    ageSeconds: 60 * day,
  });
  builder.ipam.assignNamespace("pinned", ["overlay"]);
  builder.namespace("web");
  const add = (namespace: string, name: string, places: readonly string[]) =>
    addDeployment(builder, {
      namespace,
      name,
      image: `registry.example/${name}:5`,
      places,
      ageSeconds: 30 * day,
    });
  add("pinned", "ledger", [second, third, second]);
  add("web", "storefront", [second, third, second, third]);
  return builder.objects();
}
