import type { Deployment, ReplicaSet } from "../kube-objects.ts";

/** What one pass over a deployment changes. Its new replica set, when missing, is made with `createReplicas`. */
export interface RolloutStep {
  readonly createReplicas: number | null;
  readonly scale: readonly { readonly replicaSet: ReplicaSet; readonly replicas: number }[];
}

/**
 * One step of a rolling update or a re-creation: grow the new replica set within maxSurge, shrink the old ones within
 * maxUnavailable (their pods that are not ready first). Repeated after each change it ends with the new set alone.
 * `older` in order of age, oldest first.
 * Source: kubernetes/kubernetes pkg/controller/deployment/rolling.go, recreate.go
 */
export function planRollout(
  deployment: Deployment,
  current: ReplicaSet | null,
  older: readonly ReplicaSet[],
  podsOfOlderSets: number,
): RolloutStep {
  const wanted = deployment.spec.replicas ?? 1;
  const oldWithPods = older.filter((set) => replicasOf(set) > 0);
  if (deployment.spec.paused) return pausedStep(wanted, current, oldWithPods);
  if (deployment.spec.strategy?.type === "Recreate") {
    if (oldWithPods.length > 0) return { createReplicas: null, scale: allToZero(oldWithPods) };
    if (podsOfOlderSets > 0) return nothing;
    return current ? scaleTo(current, wanted) : { createReplicas: wanted, scale: [] };
  }
  return rollingStep(deployment, wanted, current, oldWithPods);
}

const nothing: RolloutStep = { createReplicas: null, scale: [] };

function rollingStep(
  deployment: Deployment,
  wanted: number,
  current: ReplicaSet | null,
  older: readonly ReplicaSet[],
): RolloutStep {
  const { surge, unavailable } = rolloutLimits(deployment);
  const total = sum(older.map(replicasOf)) + (current ? replicasOf(current) : 0);
  const mayGrow = Math.max(0, wanted + surge - total);
  if (!current) return { createReplicas: Math.min(wanted, mayGrow), scale: [] };
  if (replicasOf(current) > wanted) return scaleTo(current, wanted);
  const grown = Math.min(wanted, replicasOf(current) + mayGrow);
  const scale = [
    ...scaleTo(current, grown).scale,
    ...shrinkOlder(older, current, total, wanted - unavailable),
  ];
  return { createReplicas: null, scale };
}

function shrinkOlder(
  older: readonly ReplicaSet[],
  current: ReplicaSet,
  total: number,
  minAvailable: number,
): RolloutStep["scale"] {
  const target = new Map(older.map((set) => [set, replicasOf(set)]));
  const currentUnavailable = replicasOf(current) - availableOf(current);
  let mayGo = total - minAvailable - currentUnavailable;
  for (const set of older) {
    const unready = Math.max(0, replicasOf(set) - availableOf(set));
    const gone = Math.max(0, Math.min(mayGo, unready));
    target.set(set, replicasOf(set) - gone);
    mayGo -= gone;
  }
  let spare = availableOf(current) + sum(older.map(availableOf)) - minAvailable;
  for (const set of older) {
    const left = target.get(set) ?? 0;
    const gone = Math.max(0, Math.min(spare, left));
    target.set(set, left - gone);
    spare -= gone;
  }
  return older.flatMap((set) => scaleTo(set, target.get(set) ?? 0).scale);
}

/** A paused deployment starts nothing new but still follows a change of its size. */
function pausedStep(wanted: number, current: ReplicaSet | null, older: readonly ReplicaSet[]): RolloutStep {
  const active = [...older, ...(current ? [current] : [])].filter((set) => replicasOf(set) > 0);
  const [only] = active;
  if (only && active.length === 1) return scaleTo(only, wanted);
  return current && active.length === 0 ? scaleTo(current, wanted) : nothing;
}

/** Both limits in pods: maxSurge is rounded up, maxUnavailable down; both zero would stand still, so one may be unavailable. */
export function rolloutLimits(deployment: Deployment): { surge: number; unavailable: number } {
  const wanted = deployment.spec.replicas ?? 1;
  if (deployment.spec.strategy?.type === "Recreate") return { surge: 0, unavailable: 0 };
  const { maxSurge = "25%", maxUnavailable = "25%" } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = scaled(maxSurge, wanted, Math.ceil);
  const unavailable = Math.min(wanted, scaled(maxUnavailable, wanted, Math.floor));
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function scaled(value: number | string, of: number, round: (n: number) => number): number {
  const percent = typeof value === "string" ? /^(\d+)%$/.exec(value) : null;
  return percent ? round((Number(percent[1]) * of) / 100) : Number(value) || 0;
}

function scaleTo(replicaSet: ReplicaSet, replicas: number): RolloutStep {
  return {
    createReplicas: null,
    scale: replicasOf(replicaSet) === replicas ? [] : [{ replicaSet, replicas }],
  };
}

function allToZero(sets: readonly ReplicaSet[]): RolloutStep["scale"] {
  return sets.map((replicaSet) => ({ replicaSet, replicas: 0 }));
}

export function replicasOf(set: ReplicaSet): number {
  return set.spec.replicas ?? 1;
}

/** A set whose status is older than its spec may have fewer: what the status says then is an upper bound by its size. */
function availableOf(set: ReplicaSet): number {
  return Math.min(set.status?.availableReplicas ?? 0, replicasOf(set));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
