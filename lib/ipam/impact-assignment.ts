import { isEnabled } from "./candidate-pools.ts";
import { effectivePools } from "./effective-pools.ts";
import type {
  AnnotationPair,
  ImpactChange,
  ImpactNamespace,
  ImpactNode,
  ImpactPinned,
  ImpactStatement,
  Known,
} from "./impact.ts";
import type { Pool } from "./pool.ts";
import { namedPools, parsePoolsAnnotation } from "./pools-annotation.ts";
import { type Labels, matches, parseSelector, type Selector, SelectorError } from "./selector.ts";

/** Who gets no address afterwards: first those that name the pool, then those whom no pool is left for. */
export function assignmentStatements(change: ImpactChange): ImpactStatement[] {
  const judge = new Judge(change);
  const statements = [
    ...namespaceStatements(change, judge),
    ...templateStatements(change, judge),
    ...pinnedPodStatements(change, judge),
    ...nodeStatements(change),
  ];
  return [
    ...statements.filter(({ kind }) => kind === "fails"),
    ...statements.filter(({ kind }) => kind === "noPool"),
  ];
}

/** Pools before and after for one carrier of an annotation. */
class Judge {
  readonly #change: ImpactChange;
  readonly #nodes: NodeCounter | null;
  readonly #labels: ReadonlyMap<string, Labels>;

  constructor(change: ImpactChange) {
    this.#change = change;
    const { namespaces } = change;
    this.#labels = new Map(
      namespaces.known ? namespaces.value.map(({ name, labels }) => [name, labels]) : [],
    );
    this.#nodes = change.nodes.known ? new NodeCounter(change.nodes.value) : null;
  }

  /** Calico's text for new pods that get an address today and none afterwards; null: nothing gets worse. */
  error(annotations: AnnotationPair, namespace: string): string | null {
    const namespaceLabels = this.#labels.get(namespace) ?? {};
    const { pool, pools, after, cniPools, asked } = this.#change;
    const { family } = pool.cidr;
    const judged = [pools, after].map((all) =>
      effectivePools({
        family,
        annotation: annotations[family],
        namespaceLabels,
        pools: all,
        nodesOf: (one) => this.#nodes?.count(one) ?? null,
        cniPools: cniPools[family],
        asked,
      }),
    );
    const [before, then] = judged;
    return before?.error === null && then?.error !== undefined ? then.error : null;
  }
}

/** Matching nodes by selector text: pools share a handful of them. */
class NodeCounter {
  readonly #nodes: readonly ImpactNode[];
  readonly #counts = new Map<string, number | null>();

  constructor(nodes: readonly ImpactNode[]) {
    this.#nodes = nodes;
  }

  count({ nodeSelector }: Pool): number | null {
    const known = this.#counts.get(nodeSelector);
    if (known !== undefined) return known;
    const selector = readSelector(nodeSelector);
    const count =
      selector === null ? null : this.#nodes.filter(({ labels }) => matches(selector, labels)).length;
    this.#counts.set(nodeSelector, count);
    return count;
  }
}

export function readSelector(text: string): Selector | null {
  try {
    return parseSelector(text);
  } catch (error) {
    if (error instanceof SelectorError) return null;
    throw error;
  }
}

function namespaceStatements(change: ImpactChange, judge: Judge): ImpactStatement[] {
  const { namespaces } = change;
  if (!namespaces.known)
    return change.action === "enable"
      ? []
      : [unknown("Namespace", "Which namespaces name this pool", namespaces)];
  return namespaces.value.flatMap((namespace) => {
    const error = judge.error(namespace.annotations, namespace.name);
    return error === null ? [] : [namespaceStatement(change, namespace, error)];
  });
}

function namespaceStatement(
  change: ImpactChange,
  { name, pods, annotations }: ImpactNamespace,
  error: string,
): ImpactStatement {
  const named = naming(change, annotations);
  return {
    kind: named === null ? "noPool" : "fails",
    subject: { kind: "Namespace", name },
    count: pods,
    detail:
      named === null
        ? `no pool is left that it selects; new pods wait with: ${error}`
        : `${named}; new pods wait with: ${error}`,
    certainty: pods === null ? "unknown" : "exact",
    ...(pods === null ? { reason: "pods cannot be read" } : {}),
  };
}

/** How the pool is asked for; null: it is not asked for by name. */
function naming({ pool, pools, cniPools }: ImpactChange, annotations: AnnotationPair): string | null {
  const { family } = pool.cidr;
  const annotation = parsePoolsAnnotation(annotations[family], family, pools);
  const asked = annotation.kind === "absent" ? namedPools(cniPools[family], family, pools) : annotation;
  if (asked.kind !== "named" || !asked.entries.some((entry) => entry.pool?.name === pool.name)) return null;
  const others = [
    ...new Set(
      asked.entries.flatMap((entry) =>
        entry.pool === null || entry.pool.name === pool.name ? [] : [entry.pool.name],
      ),
    ),
  ];
  const by = annotation.kind === "absent" ? "the CNI configuration names" : "names";
  if (others.length === 0) return `${by} ${pool.name} only`;
  return `${by} ${others.join(", ")} too, which ${others.length === 1 ? "does" : "do"} not help`;
}

function templateStatements(change: ImpactChange, judge: Judge): ImpactStatement[] {
  const { templates } = change;
  const found = pinnedStatements(change, judge, templates.value ?? []);
  if (templates.known || change.action === "enable") return found;
  const what = `Which ${found.length > 0 ? "other " : ""}workloads name this pool in their pod template`;
  return [...found, unknown("PodTemplate", what, templates)];
}

/** Pods whose annotation a template of their namespace carries too are counted with the template. */
function pinnedPodStatements(change: ImpactChange, judge: Judge): ImpactStatement[] {
  const { pinnedPods, templates, pool } = change;
  if (!pinnedPods.known)
    return change.action === "enable"
      ? []
      : [unknown("Pod", "Which pods name this pool themselves", pinnedPods)];
  const { family } = pool.cidr;
  const key = ({ namespace, annotations }: ImpactPinned): string => `${namespace} ${annotations[family]}`;
  const counted = new Set(templates.value?.map(key) ?? []);
  return pinnedStatements(
    change,
    judge,
    pinnedPods.value.filter((pod) => !counted.has(key(pod))),
  );
}

function pinnedStatements(
  change: ImpactChange,
  judge: Judge,
  pinned: readonly ImpactPinned[],
): ImpactStatement[] {
  return pinned.flatMap(({ kind, namespace, name, annotations, pods }): ImpactStatement[] => {
    if (annotations[change.pool.cidr.family] === null) return [];
    const error = judge.error(annotations, namespace);
    if (error === null) return [];
    const how = naming(change, annotations) ?? "is left without a pool";
    const detail = `${how}; ${kind === "Pod" ? "a new one waits" : "new pods wait"} with: ${error}`;
    return [{ kind: "fails", subject: { kind, namespace, name }, count: pods, detail, certainty: "exact" }];
  });
}

/** Nodes on which pods that name no pool get no address any more. */
function nodeStatements({ pool, pools, after, nodes }: ImpactChange): ImpactStatement[] {
  if (!nodes.known) return [];
  const serving = (all: readonly Pool[]) =>
    all
      .filter(
        (one) =>
          one.cidr.family === pool.cidr.family &&
          isEnabled(one) &&
          one.assignmentMode === "Automatic" &&
          one.allowedUses.includes("Workload"),
      )
      .map((one) => readSelector(one.nodeSelector))
      .filter((selector) => selector !== null);
  const [before, then] = [serving(pools), serving(after)];
  if (then.length === 0) return [];
  const has = (selectors: readonly Selector[], { labels }: ImpactNode) =>
    selectors.some((selector) => matches(selector, labels));
  return nodes.value
    .filter((node) => has(before, node) && !has(then, node))
    .map(({ name }) => ({
      kind: "noPool",
      subject: { kind: "Node", name },
      count: null,
      detail: `no automatic IPv${pool.cidr.family} pool is left for its pods`,
      certainty: "exact",
    }));
}

function unknown(
  kind: string,
  what: string,
  missing: Extract<Known<unknown>, { known: false }>,
): ImpactStatement {
  return {
    kind: "fails",
    subject: { kind, name: "unknown" },
    count: null,
    detail: `${what} is unknown.`,
    certainty: "unknown",
    reason: missing.reason,
  };
}
