import type { Address, Family } from "./address.ts";
import { cidrContains } from "./cidr.ts";
import type { PathNode } from "./path.ts";
import type { Pool } from "./pool.ts";

/** The pool that holds the address; of overlapping ones the narrowest, as routes are looked up. */
export function longestPool(pools: readonly Pool[], address: Address): Pool | null {
  let best: Pool | null = null;
  for (const pool of pools) {
    if (!cidrContains(pool.cidr, address)) continue;
    if (best === null || pool.cidr.prefix > best.cidr.prefix) best = pool;
  }
  return best;
}

export function isLoadBalancerOnly(pool: Pool): boolean {
  return pool.allowedUses.length === 1 && pool.allowedUses[0] === "LoadBalancer";
}

/** The address a node routes by, without its subnet; without Calico's own, the first that Kubernetes reports. */
export function addressOf(node: PathNode, family: Family): string | null {
  const own = node.bgpAddress[family]?.split("/")[0];
  return own ?? node.addresses.find((address) => address.includes(":") === (family === 6)) ?? null;
}

export function isKnown<Value extends object>(value: Value | null | "unknown"): value is Value {
  return value !== null && value !== "unknown";
}
