import { cidrsOverlap, formatCidr } from "./cidr.ts";
import { compareNames } from "./cidr-name.ts";
import type { Pool } from "./pool.ts";
import { selectorProblem } from "./selector.ts";

/** Whether a pool gives addresses, and if not, why. `Draining` is a disabled pool with addresses in use. */
export interface PoolState {
  readonly allocatable: boolean;
  readonly reason: "OK" | "PoolDisabled" | "Draining" | "CIDROverlap" | "Terminating" | "NoEligibleNode";
  /** One sentence for people. */
  readonly message: string;
}

export interface PoolStateInput {
  readonly pool: Pool;
  /** What `overlapWinners` has for it; null: nobody keeps it from its range. */
  readonly winner: Pool | null;
  /** Addresses in use; null: unknown. */
  readonly inUse: bigint | null;
  /** Blocks in its range; null: unknown. */
  readonly blocks: number | null;
  /** Calico's pool controller is at work: it keeps an overlapping pool from giving addresses, and a deleted one until it is empty. */
  readonly hasController: boolean;
  /** Nodes that the node selector matches, of all nodes; null: unknown. */
  readonly nodes: { readonly matching: number; readonly all: number } | null;
}

/**
 * Calico's judgement, from its own condition where the cluster has one and by its rules where not, with two refinements it does
 * not make: draining pools, and automatic pools that no node may use.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
export function poolState(input: PoolStateInput): PoolState {
  const { pool } = input;
  // Calico looks at `disabled` before it looks at deletion.
  if (pool.disabled) return disabledState(input.inUse);
  if (pool.deleting) return terminatingState(input);
  const overlap = overlapState(input);
  if (overlap !== null) return overlap;
  if (pool.allocatable?.status === "False") {
    const { reason, message } = pool.allocatable;
    return {
      allocatable: false,
      reason: asReason(reason),
      message: message || `Calico marks it as not allocatable: ${reason}.`,
    };
  }
  return eligibility(input);
}

/** The controller may not have seen an edit yet: its reason of a moment ago still decides whether addresses are given. */
function asReason(reason: string): PoolState["reason"] {
  return reason === "Terminating" || reason === "CIDROverlap" ? reason : "PoolDisabled";
}

function disabledState(inUse: bigint | null): PoolState {
  if (inUse === null)
    return no("PoolDisabled", "It gives no new addresses; how many are still in use is unknown.");
  if (inUse === 0n) return no("PoolDisabled", "It gives no new addresses, and none is in use.");
  return no("Draining", `It gives no new addresses; ${addresses(inUse)} still in use.`);
}

function terminatingState({ inUse, blocks, hasController }: PoolStateInput): PoolState {
  const used = inUse === null || inUse === 0n ? "" : `; ${addresses(inUse)} still in use`;
  const left = blocks === 1 ? "the block" : `the last of ${blocks} blocks`;
  const goes = hasController && blocks ? ` It goes once ${left} in its range is gone.` : "";
  return no("Terminating", `It is being deleted${used}.${goes}`);
}

function overlapState({ pool, winner, hasController }: PoolStateInput): PoolState | null {
  const condition = pool.allocatable;
  if (condition?.status === "True") return null;
  if (condition !== null && condition.reason !== "CIDROverlap") return null;
  if (winner === null) {
    return condition === null
      ? null
      : no("CIDROverlap", "Calico found an overlap with another pool, which is no longer there.");
  }
  const had = `It overlaps ${winner.name} (${formatCidr(winner.cidr)}), which had the range first.`;
  return no(
    "CIDROverlap",
    condition !== null
      ? had
      : `${had} ${hasController ? "Calico's pool controller has not looked at it yet." : "This cluster's Calico does not stop it from giving addresses."}`,
  );
}

/**
 * Pools that may not give addresses because another claimed an overlapping range before them: name → that other pool. Disabled
 * pools claim nothing; a pool that loses claims nothing either.
 */
export function overlapWinners(pools: readonly Pool[]): ReadonlyMap<string, Pool> {
  const accepted: Pool[] = [];
  const winners = new Map<string, Pool>();
  for (const pool of pools.filter((one) => !one.disabled).sort(byClaim)) {
    const winner = accepted.find((other) => cidrsOverlap(other.cidr, pool.cidr));
    if (winner === undefined) accepted.push(pool);
    else winners.set(pool.name, winner);
  }
  return winners;
}

/** Who claims a range first: allocatable pools, then terminating, then refused, then new ones; the older, then the name. */
function byClaim(a: Pool, b: Pool): number {
  return (
    claimClass(a) - claimClass(b) || compareNames(a.createdAt, b.createdAt) || compareNames(a.name, b.name)
  );
}

function claimClass(pool: Pool): number {
  if (pool.allocatable?.status === "True") return 0;
  if (pool.deleting) return 1;
  return pool.allocatable?.status === "False" ? 2 : 3;
}

function eligibility({ pool, nodes }: PoolStateInput): PoolState {
  if (pool.blockSize < pool.cidr.prefix) {
    return no(
      "NoEligibleNode",
      `It is smaller than one of its blocks (/${pool.blockSize}), so no node can claim any.`,
    );
  }
  if (pool.assignmentMode === "Automatic") {
    const problem = selectorProblem(pool.nodeSelector);
    if (problem !== null)
      return no(
        "NoEligibleNode",
        `Its node selector cannot be read (${problem}); pods that name no pool fail everywhere.`,
      );
    const other = selectorProblem(pool.namespaceSelector);
    if (other !== null)
      return no(
        "NoEligibleNode",
        `Its namespace selector cannot be read (${other}); pods that name no pool fail everywhere.`,
      );
    if (nodes !== null && nodes.matching === 0 && nodes.all > 0) {
      return no("NoEligibleNode", `Its node selector matches 0 of ${nodes.all} nodes.`);
    }
  }
  return { allocatable: true, reason: "OK", message: purpose(pool) };
}

function purpose(pool: Pool): string {
  const uses = new Set(pool.allowedUses);
  const byName = pool.assignmentMode === "Manual" ? " that name it" : "";
  if (uses.has("LoadBalancer")) return "It gives addresses to LoadBalancer Services.";
  if (uses.has("Workload")) return `It gives addresses to new pods${byName}.`;
  return uses.has("Tunnel")
    ? "It gives addresses to tunnels only."
    : "It gives no addresses: it allows no use that Calico knows.";
}

function addresses(count: bigint): string {
  return count === 1n ? "1 address is" : `${count.toLocaleString("en-US")} addresses are`;
}

function no(reason: PoolState["reason"], message: string): PoolState {
  return { allocatable: false, reason, message };
}
