import { POOLS_ANNOTATION, sandboxFailureText } from "../../calico/pod.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PodRow } from "../../inventory/pod-row.ts";
import type { SandboxFailure } from "../../inventory/sandbox-failure.ts";
import type { Family } from "../../ipam/address.ts";
import { exactPool } from "../../ipam/assign-exact.ts";
import { candidatePools } from "../../ipam/candidate-pools.ts";
import { poolsOfPod, requestedCidrs } from "../../ipam/choose-pools.ts";
import { exactAddresses } from "../../ipam/exact-addresses.ts";
import type { Pool } from "../../ipam/pool.ts";
import { poolNames } from "../read/namespace-pools.ts";
import { isWindows } from "../read/triage-facts.ts";

const families = Object.keys(POOLS_ANNOTATION).map(Number) as Family[];

/** A pool that somebody has written. */
interface Written {
  readonly name: string;
  /** Null: not known. */
  readonly cidr: string | null;
  /** As it was before; null: there was none. */
  readonly before: Pool | null;
}

/**
 * Does a pod fail because of what became of this pool? Its error names it, the pod or its namespace asks for it, or it is refused now
 * and would get an address from the pool as it was.
 */
export function isAboutPool(inventory: Inventory, pool: Written, failure: SandboxFailure): boolean {
  const { pods, namespaces } = inventory;
  const { name, cidr, before } = pool;
  const names = cidr === null ? [name] : [name, cidr];
  if (names.some((each) => mentions(failure.message, each))) return true;
  const pod = pods.table.get(failure.podNamespace, failure.podName);
  const namespace = namespaces.get("", failure.podNamespace);
  const isNamed = families.some((family) => {
    const raw = pod?.annotations?.[family] ?? namespace?.annotations[family] ?? "";
    return names.some((each) => raw.includes(JSON.stringify(each)));
  });
  if (isNamed || before === null || !pod) return isNamed;
  return wasServed(inventory, before, pod, sandboxFailureText(failure.message));
}

/** Calico's texts for want of a pool that may be used. */
const wantOfPool =
  /no configured Calico pools for node|cannot find a qualified ippool|does not exist, or is not enabled|is not in a configured pool|which is not allowed for use/;

/** Calico says no to this pod for want of pools, and with the pool as it was it would not. */
function wasServed(inventory: Inventory, before: Pool, pod: PodRow, error: string): boolean {
  if (!wantOfPool.test(error)) return false;
  const now = Array.from(inventory.space.pools, ({ pool }) => pool);
  const then = [...now.filter(({ name }) => name !== before.name), before];
  if (pod.ipAddrs !== null) {
    return (exactAddresses(pod.ipAddrs) ?? []).some((address) => {
      const was = exactPool(then, address, "Workload");
      return was.ok && was.pool === before && !exactPool(now, address, "Workload").ok;
    });
  }
  const namespace = inventory.namespaces.get("", pod.namespace);
  const node = pod.node === null ? null : inventory.nodes.table.get("", pod.node);
  if (!namespace || !node) return false;
  return families.some((family) => {
    const names = poolNames(inventory, namespace, pod.annotations)[family];
    const request = {
      family,
      requested: requestedCidrs(poolsOfPod(names, family, then).annotation),
      use: "Workload" as const,
      node,
      namespaceLabels: namespace.labels,
      windows: isWindows(node),
    };
    const was = candidatePools({ ...request, pools: then });
    return was.ok && was.pools.includes(before) && !candidatePools({ ...request, pools: now }).ok;
  });
}

/** As a word of its own: `pool-1` is not in `pool-10`. */
function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, behind] = [text.charAt(at - 1), text.charAt(at + name.length)];
    if (!/[\w.-]/.test(before) && !/[\w-]/.test(behind)) return true;
  }
  return false;
}
