import type { Family } from "./address.ts";
import { candidatePools, enabledPools, isEnabled } from "./candidate-pools.ts";
import { formatCidr } from "./cidr.ts";
import type { Pool } from "./pool.ts";
import {
  brokenAnnotationCause,
  type NamedPool,
  namedPools,
  type PoolsAnnotation,
  parsePoolsAnnotation,
} from "./pools-annotation.ts";
import { type Labels, matches, parseSelector, selectorProblem } from "./selector.ts";

/** What decides the pools of new pods. */
type PoolSource = "annotation" | "selector" | "default" | "cniConfig";

interface PoolsProblem {
  readonly code:
    | "not-json"
    | "unknown-pool"
    | "wrong-family"
    | "not-a-pool"
    | "pool-disabled"
    | "pool-terminating"
    | "pool-not-allocatable"
    | "pool-use"
    | "bad-selector"
    | "no-pool";
  readonly field: "ipv4pools" | "ipv6pools";
  readonly message: string;
}

export interface EffectivePoolsInput {
  readonly family: Family;
  /** Raw text of the annotation that counts: the pod's own where it has one, else the namespace's. Null: neither has one. */
  readonly annotation: string | null;
  readonly namespaceLabels: Labels;
  /** All pools of the cluster. */
  readonly pools: readonly Pool[];
  /** How many nodes the pool's node selector matches; null: unknown, and counted as some. */
  readonly nodesOf: (pool: Pool) => number | null;
  /** Pools named by the CNI configuration; empty when it names none or cannot be read. */
  readonly cniPools: readonly string[];
  /** Pods take an address of this family whoever names pools: those of the namespace hold one, or the CNI configuration says so. */
  readonly asked: boolean;
}

export interface EffectivePools {
  readonly source: PoolSource;
  /** In Calico's order. Pools asked for by name stand here also when they cannot be used; `problems` says so. */
  readonly pools: readonly Pool[];
  readonly problems: readonly PoolsProblem[];
  /** Calico's text for every new pod, on whichever node; null: some node gives addresses. `<node>` stands for the pod's. */
  readonly error: string | null;
}

/**
 * Where new pods of a namespace get their addresses.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/k8s/k8s.go CmdAddK8s, libcalico-go/lib/ipam/ipam.go determinePools
 */
export function effectivePools(input: EffectivePoolsInput): EffectivePools {
  const annotation = parsePoolsAnnotation(input.annotation, input.family, input.pools);
  if (annotation.kind === "broken" || annotation.kind === "named")
    return requested("annotation", annotation, input);
  if (annotation.kind === "empty") return automatic(input);
  const configured = namedPools(input.cniPools, input.family, input.pools);
  if (configured.kind === "broken" || configured.kind === "named")
    return requested("cniConfig", configured, input);
  return automatic(input);
}

type Requested = Extract<PoolsAnnotation, { kind: "broken" | "named" }>;

function requested(source: PoolSource, wanted: Requested, input: EffectivePoolsInput): EffectivePools {
  const { family, pools } = input;
  const field = family === 4 ? "ipv4pools" : "ipv6pools";
  if (wanted.kind === "broken") {
    const { code, error } = wanted;
    const cause = brokenAnnotationCause(code, error, input.annotation ?? "", family, pools);
    return { source, pools: [], problems: [{ code, field, message: `${cause}, so new pods fail` }], error };
  }
  const { entries } = wanted;
  const problems = entries.flatMap((entry) => entryProblem(entry, entries, field));
  const answer = candidatePools({
    pools,
    family,
    requested: entries.map(({ cidr }) => cidr),
    use: "Workload",
    node: ANY_NODE,
    namespaceLabels: input.namespaceLabels,
  });
  const named = entries.flatMap(({ pool }) => pool ?? []);
  return { source, pools: [...new Set(named)], problems, error: answer.ok ? null : answer.error };
}

const ANY_NODE = { name: "<node>", labels: {} };

function entryProblem(
  { cidr, pool }: NamedPool,
  entries: readonly NamedPool[],
  field: PoolsProblem["field"],
): PoolsProblem[] {
  const problem = (code: PoolsProblem["code"], message: string): PoolsProblem[] => [{ code, field, message }];
  if (pool === null)
    return problem("not-a-pool", `${formatCidr(cidr)} is not exactly the CIDR of a pool, so new pods fail`);
  if (pool.deleting) return problem("pool-terminating", `${pool.name} is being deleted, so new pods fail`);
  if (pool.disabled) return problem("pool-disabled", `${pool.name} is disabled, so new pods fail`);
  if (!isEnabled(pool)) {
    const why = pool.allocatable?.reason === "CIDROverlap" ? "overlaps another pool" : "is not allocatable";
    return problem("pool-not-allocatable", `${pool.name} ${why}, so new pods fail`);
  }
  if (pool.allowedUses.includes("Workload")) return [];
  const helps = entries.some((other) => other.pool?.allowedUses.includes("Workload"));
  return problem("pool-use", `${pool.name} gives no address to pods${helps ? "" : ", so new pods fail"}`);
}

function automatic(input: EffectivePoolsInput): EffectivePools {
  const { family, pools, namespaceLabels, nodesOf } = input;
  const field = family === 4 ? "ipv4pools" : "ipv6pools";
  const enabled = enabledPools(pools, family);
  const fails = (code: PoolsProblem["code"], message: string, error: string): EffectivePools => ({
    source: "default",
    pools: [],
    problems: [{ code, field, message }],
    error,
  });
  if (enabled.length === 0) return withoutPools(input, field);
  const candidates = enabled.filter((pool) => pool.assignmentMode === "Automatic");
  for (const pool of candidates) {
    const problem = selectorProblem(pool.nodeSelector) ?? selectorProblem(pool.namespaceSelector);
    if (problem === null) continue;
    return fails(
      "bad-selector",
      `A selector of ${pool.name} cannot be read (${problem}), so new pods fail`,
      problem,
    );
  }
  const selected = candidates.filter(
    (pool) => nodesOf(pool) !== 0 && matches(parseSelector(pool.namespaceSelector), namespaceLabels),
  );
  if (selected.length === 0) {
    return fails(
      "no-pool",
      `No enabled IPv${family} pool selects this namespace and a node, so new pods fail`,
      NO_POOLS,
    );
  }
  const usable = selected.filter((pool) => pool.allowedUses.includes("Workload"));
  if (usable.length === 0) {
    return fails(
      "no-pool",
      `No IPv${family} pool that selects this namespace gives addresses to pods, so new pods fail`,
      NO_USE,
    );
  }
  const bySelector = usable.some((pool) => pool.namespaceSelector !== "");
  return { source: bySelector ? "selector" : "default", pools: usable, problems: [], error: null };
}

const NO_POOLS = "no configured Calico pools for node <node>";
const NO_USE = "cannot find a qualified ippool, no pools match the required use (Workload)";

/**
 * No pool of the family is enabled. Where nobody asks for the family that fails no pod. IPv4 is asked for by default, though
 * not in a cluster of IPv6 pools alone; IPv6 only by the CNI configuration, by an annotation, or as the pods there are show.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/ipamplugin/ipam_plugin.go (assign_ipv4 true, assign_ipv6 false)
 */
function withoutPools(
  { family, pools, annotation, asked }: EffectivePoolsInput,
  field: PoolsProblem["field"],
): EffectivePools {
  const byDefault = family === 4 && (pools.length === 0 || pools.some((pool) => pool.cidr.family === family));
  if (!asked && !byDefault && !annotation) return { source: "default", pools: [], problems: [], error: null };
  const message = `No IPv${family} pool is enabled, so new pods fail`;
  const error = "cannot find a qualified ippool";
  return { source: "default", pools: [], problems: [{ code: "no-pool", field, message }], error };
}
