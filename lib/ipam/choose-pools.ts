import type { Family } from "./address.ts";
import { candidatePools, explainPools, type PoolRequest } from "./candidate-pools.ts";
import { type Cidr, sameCidr } from "./cidr.ts";
import type { Pool } from "./pool.ts";
import { namedPools, type PoolsAnnotation, parsePoolsAnnotation } from "./pools-annotation.ts";
import type { Labels } from "./selector.ts";

/** Everything that can name pools for a pod, in one family. */
export interface PoolNames {
  /** Raw text of the pod's own annotation; null: it has none. */
  readonly pod: string | null;
  /** The same of its namespace. */
  readonly namespace: string | null;
  /** Of the CNI configuration; empty: it names none. Null: it cannot be read. */
  readonly cni: readonly string[] | null;
}

export interface PoolsOfPod {
  /** Which of them decides; null: nothing but the CNI configuration would, and that cannot be read. */
  readonly source: "pod" | "namespace" | "cniConfig" | "automatic" | null;
  /** The raw text that decides; null: nothing names pools. */
  readonly asked: string | null;
  readonly annotation: PoolsAnnotation;
}

/** What decides the pools of a pod in one family. Source: projectcalico/calico@87c1590 cni-plugin/pkg/k8s/k8s.go CmdAddK8s */
export function poolsOfPod(names: PoolNames, family: Family, pools: readonly Pool[]): PoolsOfPod {
  for (const source of ["pod", "namespace"] as const) {
    const annotation = parsePoolsAnnotation(names[source], family, pools);
    if (annotation.kind !== "absent") return { source, asked: names[source], annotation };
  }
  const annotation = namedPools(names.cni ?? [], family, pools);
  if (names.cni === null) return { source: null, asked: null, annotation };
  if (annotation.kind === "empty") return { source: "automatic", asked: null, annotation };
  return { source: "cniConfig", asked: JSON.stringify(names.cni), annotation };
}

/** Pools asked for by name, in their order; empty: selectors decide. */
export function requestedCidrs(annotation: PoolsAnnotation): readonly Cidr[] {
  return annotation.kind === "named" ? annotation.entries.map(({ cidr }) => cidr) : [];
}

/** A pool of the family, and whether the request may use it. */
export interface ChoicePool {
  readonly pool: Pool;
  readonly eligible: boolean;
  /** One sentence for people. */
  readonly reason: string;
}

export interface JudgedPools {
  /**
   * Every pool of the family: those that Calico would use first, in its order, then the others by name. Where it would use none,
   * those that are asked for, or that could serve, are first.
   */
  readonly pools: readonly ChoicePool[];
  /** Calico's text when none may be used. */
  readonly error: string | null;
}

/** Which pools a pod may use on a node, and why not the others. `broken`: its list of pools cannot be read at all. */
export function judgePools(
  request: Omit<PoolRequest, "requested" | "use"> & {
    readonly node: { readonly name: string; readonly labels: Labels };
  },
  annotation: PoolsAnnotation,
): JudgedPools {
  const named = "entries" in annotation ? annotation.entries : null;
  const requested = named?.map(({ cidr }) => cidr) ?? [];
  const wanted: PoolRequest = { ...request, requested, use: "Workload" };
  const verdicts = explainPools(wanted, named !== null);
  const candidates = candidatePools(wanted);
  if (annotation.kind === "broken" || !candidates.ok) {
    const isAsked = ({ pool }: { pool: Pool }) => wanted.requested.some((cidr) => sameCidr(cidr, pool.cidr));
    const ordered = [...verdicts.filter(isAsked), ...verdicts.filter((one) => !isAsked(one))];
    const pools = ordered.map(({ pool, eligible, text }) => ({
      pool,
      eligible: false,
      reason: eligible ? "It could serve, but Calico refuses the request as a whole." : text,
    }));
    return {
      pools,
      error: annotation.kind === "broken" ? annotation.error : candidates.ok ? null : candidates.error,
    };
  }
  const used = new Set(candidates.pools);
  const textOf = (pool: Pool) => verdicts.find((verdict) => verdict.pool === pool)?.text ?? "";
  return {
    pools: [
      ...[...used].map((pool) => ({ pool, eligible: true, reason: textOf(pool) })),
      ...verdicts
        .filter(({ pool }) => !used.has(pool))
        .map(({ pool, eligible, text }) => ({
          pool,
          eligible: false,
          reason: eligible ? "Another pool has the same range, and Calico takes that one." : text,
        })),
    ],
    error: null,
  };
}
