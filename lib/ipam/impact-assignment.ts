import { type Family, formatAddress } from "./address.ts";
import { type EffectivePools, effectivePools } from "./effective-pools.ts";
import { exactAddresses, exactAddressesError } from "./exact-addresses.ts";
import type { ImpactStatement, Known } from "./impact.ts";
import type { ImpactChange } from "./impact-change.ts";
import { namedPools, parsePoolsAnnotation } from "./pools-annotation.ts";
import type { Pool } from "./pool.ts";
import { type Labels } from "./selector.ts";

/** Raw pools annotations; null: absent or empty. */
export type AnnotationPair = { readonly [F in Family]: string | null };

export interface ImpactNamespace {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: AnnotationPair;
  /** Its living pods that take an address and ask for no pool or address themselves; null: pods cannot be read. */
  readonly pods: number | null;
}

/** A pod, or a workload's pod template, that asks for pools or for an address itself. */
export interface ImpactPinned {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly annotations: AnnotationPair;
  /** Raw text of the annotation that asks for addresses one by one, which pools do not matter to; null: absent or empty. */
  readonly ipAddrs: string | null;
  /** Pods of it: 1 for a pod, the wanted replicas of a workload. */
  readonly pods: number;
}

/** Who gets no address afterwards, by what names pools for it or selects it: namespaces, workloads, pods. */
export function assignmentStatements(change: ImpactChange, judge: AssignmentJudge): ImpactStatement[] {
  return [
    ...namespaceStatements(change, judge),
    ...templateStatements(change, judge),
    ...pinnedPodStatements(change, judge),
  ];
}

type Asking = Pick<ImpactPinned, "namespace" | "annotations" | "ipAddrs">;

interface Verdict {
  /** The pool that changes is one of those that new pods get addresses from. */
  readonly has: boolean;
  /** Calico's text for every new pod; null: some node gives addresses. */
  readonly error: string | null;
}

/** Pools before and after for one carrier of an annotation. */
export class AssignmentJudge {
  readonly #change: ImpactChange;
  readonly #labels: ReadonlyMap<string, Labels>;
  /** Whether labels of namespaces matter at all. */
  readonly #looksAtLabels: boolean;
  readonly #judged = new Map<string, { before: Verdict; afterwards: Verdict }>();

  constructor(change: ImpactChange) {
    this.#change = change;
    const { namespaces, pools, after } = change;
    this.#labels = new Map(
      namespaces.known ? namespaces.value.map(({ name, labels }) => [name, labels]) : [],
    );
    this.#looksAtLabels = [...pools, ...after].some(({ namespaceSelector }) => namespaceSelector !== "");
  }

  pools(annotations: AnnotationPair, namespace: string): { before: Verdict; afterwards: Verdict } {
    const { pool, pools, after } = this.#change;
    const labels = this.#labels.get(namespace) ?? {};
    const annotation = annotations[pool.cidr.family];
    const key = JSON.stringify([annotation, this.#looksAtLabels ? labels : null]);
    const known = this.#judged.get(key);
    if (known !== undefined) return known;
    const of = (all: readonly Pool[]): Verdict => {
      const found = this.#effective(annotation, labels, all);
      return { has: found.pools.some(({ name }) => name === pool.name), error: found.error };
    };
    const judged = { before: of(pools), afterwards: of(after) };
    this.#judged.set(key, judged);
    return judged;
  }

  /** Calico's text for new pods that get an address today and none afterwards; null: nothing gets worse. */
  error(annotations: AnnotationPair, namespace: string): string | null {
    const { before, afterwards } = this.pools(annotations, namespace);
    return before.error === null ? afterwards.error : null;
  }

  /** The same for pods that ask for these addresses by themselves. */
  exactError(ipAddrs: string): string | null {
    const { pools, after } = this.#change;
    const addresses = exactAddresses(ipAddrs);
    if (addresses === null || exactAddressesError(addresses, pools) !== null) return null;
    return exactAddressesError(addresses, after);
  }

  /** Whether pods that ask like this get no address afterwards, be it because of the change or not. */
  isStuck({ annotations, ipAddrs, namespace }: Asking): boolean {
    if (ipAddrs === null) return this.pools(annotations, namespace).afterwards.error !== null;
    const addresses = exactAddresses(ipAddrs);
    return addresses === null || exactAddressesError(addresses, this.#change.after) !== null;
  }

  #effective(annotation: string | null, namespaceLabels: Labels, pools: readonly Pool[]): EffectivePools {
    const { pool, cniPools, asked, selection } = this.#change;
    const { family } = pool.cidr;
    const nodesOf = (one: Pool) => selection?.count(one) ?? null;
    return effectivePools({
      family,
      annotation,
      namespaceLabels,
      pools,
      nodesOf,
      cniPools: cniPools[family],
      asked,
    });
  }
}

function namespaceStatements(change: ImpactChange, judge: AssignmentJudge): ImpactStatement[] {
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

function templateStatements(change: ImpactChange, judge: AssignmentJudge): ImpactStatement[] {
  const { templates } = change;
  const found = pinnedStatements(change, judge, templates.value ?? []);
  if (templates.known || change.action === "enable") return found;
  const what = `Which ${found.length > 0 ? "other " : ""}workloads name this pool in their pod template`;
  return [...found, unknown("PodTemplate", what, templates)];
}

/** Pods whose annotations a template of their namespace carries too are counted with the template. */
function pinnedPodStatements(change: ImpactChange, judge: AssignmentJudge): ImpactStatement[] {
  const { pinnedPods, templates, pool } = change;
  if (!pinnedPods.known)
    return change.action === "enable"
      ? []
      : [unknown("Pod", "Which pods name this pool themselves", pinnedPods)];
  const { family } = pool.cidr;
  const key = ({ namespace, annotations, ipAddrs }: ImpactPinned): string =>
    `${namespace} ${ipAddrs ?? annotations[family]}`;
  const counted = new Set(templates.value?.map(key) ?? []);
  const found = pinnedStatements(
    change,
    judge,
    pinnedPods.value.filter((pod) => !counted.has(key(pod))),
  );
  if (templates.known) return found;
  const reason = `the workload that made it may make more: ${templates.reason}`;
  return found.map((one) => ({ ...one, certainty: "atLeast", reason }));
}

function pinnedStatements(
  change: ImpactChange,
  judge: AssignmentJudge,
  pinned: readonly ImpactPinned[],
): ImpactStatement[] {
  return pinned.flatMap(({ kind, namespace, name, annotations, ipAddrs, pods }): ImpactStatement[] => {
    if (ipAddrs === null && annotations[change.pool.cidr.family] === null) return [];
    const error = ipAddrs === null ? judge.error(annotations, namespace) : judge.exactError(ipAddrs);
    if (error === null) return [];
    const how =
      ipAddrs === null ? (naming(change, annotations) ?? "is left without a pool") : askingFor(ipAddrs);
    const detail = `${how}; ${kind === "Pod" ? "a new one waits" : "new pods wait"} with: ${error}`;
    return [{ kind: "fails", subject: { kind, namespace, name }, count: pods, detail, certainty: "exact" }];
  });
}

function askingFor(ipAddrs: string): string {
  return `asks for ${(exactAddresses(ipAddrs) ?? []).map(formatAddress).join(" and ")}`;
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
