import { parseAddress } from "./address.ts";
import { explainPath, type PathInput, type PathNode } from "./path.ts";
import { testPool } from "./testing.ts";

/** Nodes of the tutorial: 10.250.12.184/24 onwards. */
export const node = (name: string, last: number, changes: Partial<PathNode> = {}): PathNode => ({
  name,
  bgpAddress: { 4: `10.250.12.${last}/24`, 6: null },
  addresses: [`10.250.12.${last}`],
  tunnels: [
    { type: "vxlanTunnelAddress", ip: `10.255.0.${last}` },
    { type: "ipipTunnelAddress", ip: `10.255.1.${last}` },
  ],
  wireguard: { 4: false, 6: false },
  ...changes,
});
export const n4151 = node("s666dan4151", 185);
export const n4153 = node("s666dan4153", 187);

const overlay = { vxlanMode: "CrossSubnet", natOutgoing: true } as const;
export const external = testPool("external-pool", "10.64.0.0/20", overlay);
export const internal = testPool("internal-pool", "10.64.16.0/20", overlay);
export const standard = testPool("default-ipv4-ippool", "10.255.0.0/16", overlay);

export type Destination = PathInput["destination"];

export const to = (ip: string, changes: Partial<Destination> = {}): Destination => ({
  text: ip,
  ip: parseAddress(ip),
  owner: null,
  routedTo: null,
  isNode: null,
  isLoadBalancer: false,
  ...changes,
});
export const routedTo = (peer: PathNode): Pick<Destination, "routedTo"> => ({
  routedTo: { name: peer.name, node: peer },
});

export const source: PathInput["source"] = {
  name: "external-ns/nginx-d2rzj",
  ip: parseAddress("10.64.12.66"),
  hostNetwork: false,
  nodeName: n4151.name,
  node: n4151,
};
export const internalPod = to("10.64.17.130", { owner: "internal-ns/nginx-t2zhj", ...routedTo(n4153) });
const bare: PathInput = {
  source,
  destination: internalPod,
  pools: [standard, external, internal],
  felix: { natOutgoingExclusions: "IPPoolsOnly", natOutgoingAddress: null, natInterfaceFilter: null },
  calicoVersion: "v3.32.1",
};
export const explain = (changes: Partial<PathInput>) => explainPath({ ...bare, ...changes });
