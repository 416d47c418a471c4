import type { Family } from "./address.ts";
import {
  AssignmentJudge,
  assignmentStatements,
  type ImpactNamespace,
  type ImpactPinned,
} from "./impact-assignment.ts";
import { capacityStatements, type PoolRoom } from "./impact-capacity.ts";
import { changeOf, type ImpactChange, type PoolFields, serves, whileHeld } from "./impact-change.ts";
import { dataPathStatements, type FelixPools } from "./impact-data-path.ts";
import { deletionStatements } from "./impact-deletion.ts";
import { encapsulationStatements } from "./impact-encapsulation.ts";
import { nodeStatements } from "./impact-no-pool.ts";
import type { ImpactNode } from "./impact-nodes.ts";
import { revertStatements } from "./impact-revert.ts";
import { selectionStatements } from "./impact-selection.ts";
import { stateStatements } from "./impact-states.ts";
import type { TunnelIpam } from "./impact-tunnel-plan.ts";
import { tunnelStatements, tunnelWorld } from "./impact-tunnels.ts";
import { type PodOrigin, unchangedStatements } from "./impact-unchanged.ts";
import { undoStatements } from "./impact-undo.ts";
import { about } from "./impact-words.ts";
import { isEnabled } from "./candidate-pools.ts";
import type { Pool } from "./pool.ts";
import { resultOf } from "./steps.ts";

export type ImpactAction = "disable" | "enable" | "delete" | "update";

/** One consequence, about one subject. `count` null: no number belongs to it, or it is unknown. */
export interface ImpactStatement {
  readonly kind: "fails" | "moves" | "removed" | "noPool" | "capacity" | "poolState" | "revert" | "unchanged";
  readonly subject: { readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly from?: string;
  /** Begins with the name of the pool that a tunnel address moves to; in parentheses the address, where that is certain. */
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
  /** `typeName` where something that runs now breaks, somebody is left without a pool, or there is no way back. */
  readonly confirm: "click" | "typeName";
  readonly statements: readonly ImpactStatement[];
  /** What taking it back would not bring back; null: there is no way back. */
  readonly undo: readonly ImpactStatement[] | null;
}

/** What was read, or why it was not, with what could be read of it all the same. */
export type Known<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string; readonly value?: T };

export interface ImpactInput {
  readonly action: ImpactAction;
  /** With `update`: the fields to change. */
  readonly spec?: PoolFields;
  readonly pool: Pool;
  /** All pools, this one among them. */
  readonly pools: readonly Pool[];
  readonly namespaces: Known<readonly ImpactNamespace[]>;
  readonly pinnedPods: Known<readonly ImpactPinned[]>;
  readonly templates: Known<readonly ImpactPinned[]>;
  readonly nodes: Known<readonly ImpactNode[]>;
  /** What the tunnel address allocator looks at. */
  readonly ipam: Known<TunnelIpam>;
  readonly felix: Known<FelixPools>;
  /** This pool's addresses in use, how many of them are pods' and tunnels', and its blocks. */
  readonly use: Known<{
    readonly inUse: bigint;
    readonly pods: bigint;
    readonly tunnels: bigint;
    readonly blocks: bigint;
  }>;
  readonly origins: Known<readonly PodOrigin[]>;
  /** By pool name. */
  readonly room: Known<ReadonlyMap<string, PoolRoom>>;
  readonly managedBy: {
    readonly kind: "operator" | "helm" | "argocd" | "flux" | "manager" | "none";
    readonly name: string | null;
  };
  /** Calico's pool controller judges the pools. */
  readonly hasController: boolean;
  /** Deleted, it stays until no block lies in its range: Calico's pool controller holds it. */
  readonly isHeldWhileUsed: boolean;
  /** Pools that the CNI configuration names, for families where it does. */
  readonly cniPools: { readonly [F in Family]: readonly string[] };
  /** Pods take addresses of the pool's family: some hold one, or the CNI configuration says so, or that is unknown. */
  readonly asked: boolean;
}

/** What an action on a pool would do. Statements of one kind stand together, the most urgent kind first. */
export function poolImpact(input: ImpactInput): Impact {
  return resultOf(impactInSteps(input));
}

/**
 * The same in steps, between which others can have their turn: to plan the tunnel addresses of 150 nodes, there and back, takes
 * longer than anybody may be held up. Blocks are read when they are needed first: one that changes meanwhile is seen as it is then.
 */
export function* impactInSteps(input: ImpactInput): Generator<void, Impact> {
  const change = changeOf(input);
  const { action, pool } = input;
  if (action !== "delete" && change.changed.size === 0) {
    return { action, pool: pool.name, confirm: "click", statements: [nothingChanges(input)], undo: [] };
  }
  const assigned = change.isHeld ? { ...change, after: whileHeld(input) } : change;
  const judge = new AssignmentJudge(assigned);
  const world = tunnelWorld(change);
  const moves = world === null ? null : yield* world.pass(change.pools, change.after);
  const found = [
    ...assignmentStatements(assigned, judge),
    ...nodeStatements(assigned),
    ...tunnelStatements(change, moves),
    ...deletionStatements(change),
    ...dataPathStatements(change),
    ...stateStatements(change),
    ...selectionStatements(change, judge),
    ...encapsulationStatements(change),
    ...capacityStatements(change, judge),
    ...revertStatements(change),
    ...unchangedStatements(change, moves),
  ];
  const statements = URGENCY.flatMap((kind) => found.filter((one) => one.kind === kind));
  const undo = yield* undoStatements(change, { world, moves });
  return { action, pool: pool.name, confirm: confirmationOf(change, statements, undo), statements, undo };
}

const URGENCY: readonly ImpactStatement["kind"][] = [
  "fails",
  "noPool",
  "moves",
  "removed",
  "poolState",
  "capacity",
  "revert",
  "unchanged",
];

function confirmationOf(
  { pool, pools, after }: ImpactChange,
  statements: readonly ImpactStatement[],
  undo: Impact["undo"],
): Impact["confirm"] {
  const isOpen = (one: Pool) => one.cidr.family === pool.cidr.family && isEnabled(one);
  const isLast = pools.some(isOpen) && !after.some(isOpen);
  const isLastAutomatic = isOpen(pool) && serves(pool) && !after.some((one) => isOpen(one) && serves(one));
  const breaks = statements.some(
    ({ kind, subject, certainty }) =>
      kind === "removed" ||
      kind === "noPool" ||
      (isUnread(subject) && kind === "moves" && certainty === "unknown"),
  );
  return undo === null || isLast || isLastAutomatic || breaks ? "typeName" : "click";
}

/** A statement about nodes that cannot be read: tunnels of theirs may go. */
const isUnread = ({ kind, name }: ImpactStatement["subject"]) => kind === "Node" && name === "unknown";

function nothingChanges({ action, pool }: ImpactInput): ImpactStatement {
  const detail =
    action === "update"
      ? `Nothing changes: ${pool.name} has these settings already.`
      : `${pool.name} is ${action}d already.`;
  return { kind: "unchanged", subject: about(pool.name), count: null, detail, certainty: "exact" };
}
