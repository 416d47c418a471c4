import { planCniAdd, type CniAddPlan, type CniAddRequest } from "../ipam/cni-add.ts";
import type { IpamSnapshot } from "../ipam/snapshot.ts";

export const START = 1_787_400_005_123_456_789n;

export const emptyCluster = (...pools: IpamSnapshot["pools"]): IpamSnapshot => ({
  pools,
  blocks: new Map(),
  affinities: [],
  handles: new Map(),
  config: null,
  reservations: [],
});

/** One pod of namespace shop asks for an IPv4 address, unless `change` says otherwise. */
export function add(
  snapshot: IpamSnapshot,
  node: string,
  pod: string,
  change: Partial<CniAddRequest> = {},
): CniAddPlan {
  return planCniAdd(snapshot, {
    node,
    nodeLabels: () => ({}),
    namespace: "shop",
    namespaceLabels: {},
    pod,
    handle: `k8s-pod-network.${pod}`,
    pools4: [],
    pools6: [],
    families: [4],
    exactIp: null,
    now: START,
    ...change,
  });
}
