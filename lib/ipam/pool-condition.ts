import type { AllocatableCondition, Pool } from "./pool.ts";
import { overlapWinners } from "./pool-state.ts";

/**
 * The Allocatable condition that Calico's pool controller gives each pool, by name. Which of overlapping pools stays allocatable is
 * `overlapWinners`' answer, and depends on the conditions that they have now.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
export function poolConditions(pools: readonly Pool[]): ReadonlyMap<string, AllocatableCondition> {
  const winners = overlapWinners(pools);
  return new Map(pools.map((pool) => [pool.name, conditionOf(pool, winners.has(pool.name))]));
}

function conditionOf(pool: Pool, isMasked: boolean): AllocatableCondition {
  if (pool.disabled) return no("PoolDisabled", "IPPool.Spec.Disabled is true");
  if (pool.deleting) return no("Terminating", "IPPool is being deleted");
  if (isMasked)
    return no("CIDROverlap", "CIDR overlaps another pool; disabled to prevent IP allocation conflicts.");
  return { status: "True", reason: "OK", message: "IPPool is available for IP allocation." };
}

function no(reason: string, message: string): AllocatableCondition {
  return { status: "False", reason, message };
}
