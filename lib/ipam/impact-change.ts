import type { ImpactInput } from "./impact.ts";
import { NodeSelection } from "./impact-nodes.ts";
import { changeableFields, type Pool } from "./pool.ts";
import { poolConditions } from "./pool-condition.ts";

type PoolField = (typeof changeableFields)[number];

/** Fields to change; an empty list of uses stands for the default, as it does for every reader. */
export type PoolFields = Partial<Pick<Pool, PoolField>>;

/** Input plus what the cluster's pools are afterwards. */
export interface ImpactChange extends ImpactInput {
  readonly after: readonly Pool[];
  /** The pool afterwards; null: it is gone, or waits for its end. */
  readonly poolAfter: Pool | null;
  /** Fields whose value becomes another one. */
  readonly changed: ReadonlySet<PoolField>;
  /** It is deleted, and stays for a while all the same. */
  readonly isHeld: boolean;
  /** It is being deleted already, and disabling it ends it: nothing holds it then. */
  readonly isLetGo: boolean;
  /** Which nodes the pools select; null: nodes cannot be read. */
  readonly selection: NodeSelection | null;
}

export function changeOf(input: ImpactInput): ImpactChange {
  const { action, pool, pools } = input;
  const wanted = fieldsOf(input);
  const changed = new Set(changeableFields.filter((field) => wanted[field] !== undefined && differs(field)));
  function differs(field: PoolField): boolean {
    return JSON.stringify(wanted[field]) !== JSON.stringify(pool[field]);
  }
  const isUnused = input.use.known && input.use.value.inUse === 0n;
  const isHeld = action === "delete" && input.isHeldWhileUsed && !isUnused;
  // Calico's controller takes its finalizer from every pool that is disabled.
  const isLetGo = pool.deleting && input.hasController && changed.has("disabled") && wanted.disabled === true;
  const poolThen = action === "delete" || isLetGo ? null : { ...pool, ...wanted };
  const after = poolsWith(pools, pool.name, poolThen, input.hasController);
  const poolAfter = after.find((one) => one.name === pool.name) ?? null;
  const selection = input.nodes.known ? new NodeSelection(input.nodes.value) : null;
  return { ...input, changed, isHeld, isLetGo, after, poolAfter, selection };
}

function fieldsOf({ action, spec }: ImpactInput): PoolFields {
  if (action === "disable" || action === "enable") return { disabled: action === "disable" };
  if (action === "delete" || spec === undefined) return {};
  return spec.allowedUses?.length === 0 ? { ...spec, allowedUses: ["Workload", "Tunnel"] } : spec;
}

/**
 * The pools once Calico's controller has looked at them: a pool that loses its rival becomes allocatable, an enabled one does not get
 * its range back from whoever took it. Where there is no controller a pool's condition, if it has one, is judged the same way.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
export function poolsWith(
  pools: readonly Pool[],
  name: string,
  poolThen: Pool | null,
  hasController: boolean,
): readonly Pool[] {
  const all = pools.flatMap((one) => (one.name === name ? (poolThen ?? []) : one));
  const conditions = poolConditions(all);
  return all.map((one) => {
    if (one.allocatable === null && !hasController) return one;
    return { ...one, allocatable: conditions.get(one.name) ?? one.allocatable };
  });
}

/** Until its last address is given back a held pool is there, and gives none. */
export function whileHeld({ pool, pools }: ImpactInput): readonly Pool[] {
  const allocatable = { status: "False", reason: "Terminating", message: "IPPool is being deleted" } as const;
  return pools.map((one) => (one.name === pool.name ? { ...one, deleting: true, allocatable } : one));
}

/** Whether new pods that name no pool can get an address from it, on some node. */
export function serves(pool: Pool): boolean {
  const isOpen = !pool.disabled && !pool.deleting && pool.allocatable?.status !== "False";
  return isOpen && pool.assignmentMode === "Automatic" && pool.allowedUses.includes("Workload");
}
