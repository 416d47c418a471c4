import { type Family, familyBits } from "./address.ts";
import { type Cidr, formatCidr, sameCidr } from "./cidr.ts";
import { compareNames } from "./cidr-name.ts";
import type { AllowedUse, Pool } from "./pool.ts";
import { type Labels, matches, parseSelector, SelectorError } from "./selector.ts";

export interface PoolRequest {
  readonly pools: readonly Pool[];
  readonly family: Family;
  /** Pool CIDRs named by an annotation or by CNI configuration, in their order; empty: selectors decide. */
  readonly requested: readonly Cidr[];
  readonly use: AllowedUse;
  readonly node: { readonly name: string; readonly labels: Labels };
  /** Null where there is no namespace (tunnels): its selector then sees no labels. */
  readonly namespaceLabels: Labels | null;
  readonly windows?: boolean;
}

export type CandidatePools =
  | {
      readonly ok: true;
      /** In the order in which they are tried. */
      readonly pools: readonly Pool[];
      /** The same before `use` was looked at. */
      readonly selecting: readonly Pool[];
      /** Every enabled pool of the family, by name. */
      readonly enabled: readonly Pool[];
    }
  | { readonly ok: false; readonly error: string };

/** Whether IPAM may take new addresses from a pool. Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/client.go filterIPPool */
export function isEnabled(pool: Pool): boolean {
  return !pool.deleting && !pool.disabled && pool.allocatable?.status !== "False";
}

/** Enabled pools of a family in ascending name order. */
export function enabledPools(pools: readonly Pool[], family: Family): Pool[] {
  return pools
    .filter((pool) => pool.cidr.family === family && isEnabled(pool))
    .sort((a, b) => compareNames(a.name, b.name));
}

/**
 * The pools a request may use, or Calico's reason for having none. Blocks too small for Windows rule out pools asked for
 * by name only (and a cluster that has no others), as in Calico.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go determinePools, prepareAffinityBlocksForHost
 */
export function candidatePools(request: PoolRequest): CandidatePools {
  const { family, requested, use } = request;
  if (requested.some((cidr) => cidr.family !== family)) {
    const other = family === 4 ? 6 : 4;
    return failed(`provided IPv${family} IPPools list contains one or more IPv${other} IPPools`);
  }
  const enabled = enabledPools(request.pools, family);
  const usable = enabled.filter((pool) => pool.blockSize <= longestBlockPrefix(family, request.windows));
  if (usable.length === 0) return failed("cannot find a qualified ippool");
  const selecting: Pool[] = [];
  for (const cidr of requested) {
    const pool = usable.findLast((candidate) => sameCidr(candidate.cidr, cidr));
    if (pool === undefined)
      return failed(`the given pool (${formatCidr(cidr)}) does not exist, or is not enabled`);
    selecting.push(pool);
  }
  if (requested.length === 0) {
    try {
      selecting.push(...enabled.filter((pool) => unselected(pool, request) === null));
    } catch (error) {
      if (error instanceof SelectorError) return failed(error.message);
      throw error;
    }
  }
  if (selecting.length === 0) return failed(`no configured Calico pools for node ${request.node.name}`);
  const pools = selecting.filter((pool) => pool.allowedUses.includes(use));
  if (pools.length === 0)
    return failed(`cannot find a qualified ippool, no pools match the required use (${use})`);
  return { ok: true, pools, selecting, enabled };
}

function failed(error: string): CandidatePools {
  return { ok: false, error };
}

/** Windows needs four addresses of each IPv4 block for itself. Source: ipam.go getMaxPrefixLen */
function longestBlockPrefix(family: Family, windows = false): number {
  return windows && family === 4 ? 29 : familyBits(family);
}

type Unselected = "manual" | "nodeSelector" | "namespaceSelector";

/** Why nothing but a request by name leads to the pool, or null. */
function unselected(pool: Pool, { node, namespaceLabels }: PoolRequest): Unselected | null {
  if (pool.assignmentMode !== "Automatic") return "manual";
  if (!selectsNode(pool, node.labels)) return "nodeSelector";
  return matches(parseSelector(pool.namespaceSelector), namespaceLabels ?? {}) ? null : "namespaceSelector";
}

/**
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/pools.go SelectsNode
 * @throws SelectorError when the stored selector cannot be read.
 */
export function selectsNode(pool: Pool, labels: Labels): boolean {
  return matches(parseSelector(pool.nodeSelector), labels);
}

/** Why a pool is or is not used by a request. */
type PoolReason =
  | "eligible"
  | "disabled"
  | "terminating"
  | "notAllocatable"
  | "blocksTooSmall"
  | "notRequested"
  | "badSelector"
  | "use"
  | Unselected;

export interface PoolVerdict {
  readonly pool: Pool;
  readonly eligible: boolean;
  readonly reason: PoolReason;
  /** One sentence for people. */
  readonly text: string;
}

/**
 * Every pool of the family with a verdict: the ones that would be used first, in Calico's order, then the others by name.
 * When Calico refuses the request as a whole (`candidatePools` says why), a pool can still be named eligible here. `byName`: pools
 * are asked for by name, be there any such pool or not.
 */
export function explainPools(request: PoolRequest, byName = request.requested.length > 0): PoolVerdict[] {
  const verdicts = request.pools
    .filter((pool) => pool.cidr.family === request.family)
    .sort((a, b) => compareNames(a.name, b.name))
    .map((pool) => verdict(pool, request, byName));
  const rank = (pool: Pool) => request.requested.findIndex((cidr) => sameCidr(cidr, pool.cidr));
  const eligible = verdicts.filter((one) => one.eligible);
  if (request.requested.length > 0) eligible.sort((a, b) => rank(a.pool) - rank(b.pool));
  return [...eligible, ...verdicts.filter((one) => !one.eligible)];
}

function verdict(pool: Pool, request: PoolRequest, byName: boolean): PoolVerdict {
  const because = (reason: PoolReason, text: string): PoolVerdict => ({
    pool,
    eligible: reason === "eligible",
    reason,
    text,
  });
  if (pool.deleting) return because("terminating", "It is being deleted.");
  if (pool.disabled) return because("disabled", "It is disabled.");
  if (!isEnabled(pool))
    return because("notAllocatable", pool.allocatable?.message || "Calico marks it as not allocatable.");
  if (byName && pool.blockSize > longestBlockPrefix(request.family, request.windows)) {
    return because("blocksTooSmall", `Its blocks (/${pool.blockSize}) are too small for Windows nodes.`);
  }
  if (byName && !request.requested.some((cidr) => sameCidr(cidr, pool.cidr))) {
    return because("notRequested", "Other pools are asked for by name.");
  }
  try {
    const missing = byName ? null : unselected(pool, request);
    if (missing === "manual")
      return because(missing, "Its assignment mode is Manual: it must be asked for by name.");
    if (missing === "nodeSelector") {
      return because(missing, `Its node selector ${pool.nodeSelector} does not match ${request.node.name}.`);
    }
    if (missing === "namespaceSelector") {
      return because(missing, `Its namespace selector ${pool.namespaceSelector} does not match.`);
    }
  } catch (error) {
    if (error instanceof SelectorError)
      return because("badSelector", `Its selector cannot be read: ${error.message}.`);
    throw error;
  }
  if (!pool.allowedUses.includes(request.use)) {
    return because("use", `It allows ${pool.allowedUses.join(" and ")} addresses, not ${request.use}.`);
  }
  return because("eligible", byName ? "It is asked for by name." : "Its selectors match.");
}
