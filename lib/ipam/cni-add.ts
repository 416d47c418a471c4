import type { Address, Family } from "./address.ts";
import { assignExact } from "./assign-exact.ts";
import { autoAssign, type AutoAssignRequest, type NodeLabels, shortfall } from "./auto-assign.ts";
import type { Cidr } from "./cidr.ts";
import { formatGoTime, type Nanoseconds } from "./go-time.ts";
import { IpamDraft, type IpamPlan } from "./ipam-draft.ts";
import { releaseSingle } from "./release.ts";
import type { Labels } from "./selector.ts";
import type { IpamSnapshot } from "./snapshot.ts";

export interface CniAddRequest {
  readonly node: string;
  readonly nodeLabels: NodeLabels;
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly pod: string;
  /** Normally `k8s-pod-network.<sandbox id>`. */
  readonly handle: string;
  /** Pools asked for, resolved and in order; empty: selectors decide. */
  readonly pools4: readonly Cidr[];
  readonly pools6: readonly Cidr[];
  readonly families: readonly Family[];
  /** Exactly this address and no other; then `families` and pools are not looked at. */
  readonly exactIp: Address | null;
  readonly now: Nanoseconds;
  readonly windows?: boolean;
}

/** `ips` is empty unless `error` is null; writes may be needed even then (what was taken and given back). */
export interface CniAddPlan extends IpamPlan {
  readonly ips: readonly Address[];
  /** As the `calico-ipam` plugin reports it; the main plugin prefixes exact requests, see `exactIpError`. */
  readonly error: string | null;
}

/**
 * Plans what the IPAM plugin does for one pod. IPv4 first; a shortfall of one family gives the other's address back, an
 * error of IPv6 does not: that one waits for the runtime's DEL.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/ipamplugin/ipam_plugin.go cmdAdd
 */
export function planCniAdd(snapshot: IpamSnapshot, request: CniAddRequest): CniAddPlan {
  const draft = new IpamDraft(snapshot, request.now);
  const { ips, error } =
    request.exactIp === null ? addFamilies(draft, request) : addExact(draft, request, request.exactIp);
  return { ips, error, ...draft.plan() };
}

/** How the main `calico` plugin reports the failure of an `ipAddrs` annotation. */
export function exactIpError(error: string): string {
  return `error getting IP from IPAM: ${error}`;
}

type Added = Pick<CniAddPlan, "ips" | "error">;

function addExact(draft: IpamDraft, request: CniAddRequest, address: Address): Added {
  const { node, handle, now, windows = false } = request;
  const attributes = podAttributes(request);
  const error = assignExact(draft, { address, node, use: "Workload", handle, attributes, now, windows });
  return error === null ? { ips: [address], error } : { ips: [], error };
}

function addFamilies(draft: IpamDraft, request: CniAddRequest): Added {
  const { node, nodeLabels, namespaceLabels, handle, now, windows = false } = request;
  const attributes = podAttributes(request);
  const done = [];
  for (const family of [4, 6] as const) {
    if (!request.families.includes(family)) continue;
    const requestedPools = family === 4 ? request.pools4 : request.pools6;
    const common = {
      node,
      nodeLabels,
      namespaceLabels,
      use: "Workload" as const,
      handle,
      attributes,
      now,
      windows,
    };
    const wanted: AutoAssignRequest = { ...common, family, requestedPools };
    const assigned = autoAssign(draft, wanted);
    if (assigned.error !== null) return { ips: [], error: assigned.error };
    done.push({ family, assigned, short: shortfall(assigned, wanted) });
  }
  const failed = done.find((one) => one.short !== null);
  const ips = done.flatMap((one) => one.assigned.ips);
  if (failed === undefined) return { ips, error: null };
  if (ips.length > 0)
    releaseSingle(
      draft,
      ips.map((address) => ({ address })),
      nodeLabels,
    );
  return { ips: [], error: `failed to request IPv${failed.family} addresses: ${failed.short}` };
}

/** The keys the plugin stores with a pod's address. */
function podAttributes({ node, namespace, pod, now }: CniAddRequest): Record<string, string> {
  return { namespace, node, pod, timestamp: formatGoTime(now) };
}
