import type { Family } from "./address.ts";
import type { TunnelType } from "./attribute-kind.ts";
import { assignmentStatements } from "./impact-assignment.ts";
import {
  capacityStatements,
  deletionStatements,
  revertStatements,
  stateStatements,
  unchangedStatements,
} from "./impact-rest.ts";
import { tunnelStatements } from "./impact-tunnels.ts";
import type { Pool } from "./pool.ts";
import { overlapWinners } from "./pool-state.ts";
import type { Labels } from "./selector.ts";

export type ImpactAction = "disable" | "enable" | "delete" | "update";

/** One consequence, about one subject. `count` null: no number belongs to it, or it is unknown. */
export interface ImpactStatement {
  readonly kind: "fails" | "moves" | "removed" | "noPool" | "capacity" | "poolState" | "revert" | "unchanged";
  readonly subject: { readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly from?: string;
  readonly to?: string;
  readonly count: number | null;
  readonly detail: string;
  readonly certainty: "exact" | "atLeast" | "unknown";
  /** Why it is not exact. */
  readonly reason?: string;
}

export interface Impact {
  readonly action: ImpactAction;
  readonly pool: string;
  /** `typeName` where something that runs now breaks, or cannot be undone. */
  readonly confirm: "click" | "typeName";
  readonly statements: readonly ImpactStatement[];
}

/** Raw pools annotations; null: absent or empty. */
export type AnnotationPair = { readonly [F in Family]: string | null };

export interface ImpactNamespace {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: AnnotationPair;
  /** Its living pods that take an address and carry no pools annotation of their own; null: pods cannot be read. */
  readonly pods: number | null;
}

/** A pod, or a workload's pod template, with a pools annotation of its own. */
export interface ImpactPinned {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly annotations: AnnotationPair;
  /** Pods of it: 1 for a pod, the wanted replicas of a workload. */
  readonly pods: number;
}

export interface ImpactNode {
  readonly name: string;
  readonly labels: Labels;
  readonly tunnels: readonly { readonly type: TunnelType; readonly ip: string }[];
  readonly wireguard: { readonly [F in Family]: boolean };
}

/** What was read, or why it was not, with what could be read of it all the same. */
export type Known<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string; readonly value?: T };

export interface ImpactInput {
  readonly action: ImpactAction;
  readonly pool: Pool;
  /** All pools, this one among them. */
  readonly pools: readonly Pool[];
  readonly namespaces: Known<readonly ImpactNamespace[]>;
  readonly pinnedPods: Known<readonly ImpactPinned[]>;
  readonly templates: Known<readonly ImpactPinned[]>;
  readonly nodes: Known<readonly ImpactNode[]>;
  /** This pool's addresses in use, and its blocks. */
  readonly use: Known<{ readonly inUse: bigint; readonly pods: bigint; readonly blocks: bigint }>;
  /** Free addresses by pool name. */
  readonly free: Known<ReadonlyMap<string, bigint>>;
  readonly managedBy: {
    readonly kind: "operator" | "helm" | "argocd" | "flux" | "manager" | "none";
    readonly name: string | null;
  };
  /** Deleted, it stays until no block lies in its range: Calico's pool controller holds it. */
  readonly isHeldWhileUsed: boolean;
  /** Pools that the CNI configuration names, for families where it does. */
  readonly cniPools: { readonly [F in Family]: readonly string[] };
  /** Pods take addresses of the pool's family: some hold one, or the CNI configuration says so, or that is unknown. */
  readonly asked: boolean;
}

/** Input plus what the cluster's pools are afterwards. */
export interface ImpactChange extends ImpactInput {
  readonly after: readonly Pool[];
  /** The pool afterwards; null: deleted. */
  readonly poolAfter: Pool | null;
  /** It is deleted, and stays for a while all the same. */
  readonly isHeld: boolean;
}

/** What an action on a pool would do. Statements of one kind stand together, the most urgent kind first. */
export function poolImpact(input: ImpactInput): Impact {
  const { action, pool } = input;
  const isUnused = input.use.known && input.use.value.inUse === 0n;
  const isHeld = action === "delete" && input.isHeldWhileUsed && !isUnused;
  const change: ImpactChange = { ...input, ...poolsAfter(input), isHeld };
  const settled = (action === "disable" && pool.disabled) || (action === "enable" && !pool.disabled);
  const statements = settled
    ? [nothingChanges(input)]
    : [
        ...assignmentStatements(isHeld ? { ...change, after: whileHeld(input) } : change),
        ...tunnelStatements(change),
        ...deletionStatements(change),
        ...stateStatements(change),
        ...capacityStatements(change),
        ...revertStatements(change),
        ...unchangedStatements(change),
      ];
  const breaks = statements.some(({ kind }) => kind === "removed");
  return {
    action,
    pool: pool.name,
    confirm: action === "delete" || breaks ? "typeName" : "click",
    statements,
  };
}

function nothingChanges({ action, pool }: ImpactInput): ImpactStatement {
  return {
    kind: "unchanged",
    subject: { kind: "IPPool", name: pool.name },
    count: null,
    detail: `${pool.name} is ${action}d already.`,
    certainty: "exact",
  };
}

/** Until its last address is given back the pool is there, and gives none. */
function whileHeld({ pool, pools }: ImpactInput): readonly Pool[] {
  const allocatable = { status: "False", reason: "Terminating", message: "IPPool is being deleted" } as const;
  return pools.map((one) => (one.name === pool.name ? { ...one, deleting: true, allocatable } : one));
}

/**
 * Pools as they will be once Calico's controller has looked at them: a pool that loses its rival becomes allocatable, an enabled one
 * does not get its range back from whoever took it.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
function poolsAfter({ action, pool, pools }: ImpactInput): Pick<ImpactChange, "after" | "poolAfter"> {
  const others = pools.filter((other) => other.name !== pool.name);
  const disabled = {
    status: "False",
    reason: "PoolDisabled",
    message: "IPPool.Spec.Disabled is true",
  } as const;
  const changed: Pool | null =
    action === "delete"
      ? null
      : { ...pool, disabled: action === "disable", allocatable: pool.allocatable === null ? null : disabled };
  const all = changed === null ? others : pools.map((other) => (other.name === pool.name ? changed : other));
  const winners = overlapWinners(all);
  const judged = all.map((one): Pool => {
    if (one.allocatable === null || one.disabled || one.deleting) return one;
    const overlaps = { status: "False", reason: "CIDROverlap", message: "" } as const;
    return {
      ...one,
      allocatable: winners.has(one.name) ? overlaps : { status: "True", reason: "OK", message: "" },
    };
  });
  return { after: judged, poolAfter: judged.find((one) => one.name === pool.name) ?? null };
}
