import type { Node, NodeSelectorTerm, Pod, PodSpec, Taint, Toleration } from "../kube-objects.ts";
import { meets } from "./label-selector.ts";
import { parseQuantity } from "./quantity.ts";

/** One node and what is already bound to it. */
export interface Candidate {
  readonly node: Node;
  readonly pods: readonly Pod[];
}

export type Placement =
  | { readonly node: string }
  /** Text of the FailedScheduling event. */
  | { readonly node: null; readonly message: string };

/**
 * Chooses a node: of those that fit, the one with the fewest pods of the same owner, then the fewest pods, then the
 * first by name. That is where the default scheduler's spreading leads when nodes are alike; its other scores, pod
 * affinity and topology spread constraints are not looked at.
 */
export function place(pod: Pod, candidates: readonly Candidate[]): Placement {
  if (candidates.length === 0) return { node: null, message: "no nodes available to schedule pods" };
  const reasons = new Map<string, number>();
  let best: { name: string; rank: readonly [number, number] } | null = null;
  for (const candidate of candidates) {
    const reason = misfit(pod, candidate);
    if (reason !== null) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      continue;
    }
    const rank = [siblings(pod, candidate.pods), candidate.pods.length] as const;
    const { name } = candidate.node.metadata;
    if (!best || isBefore(rank, name, best.rank, best.name)) best = { name, rank };
  }
  return best ? { node: best.name } : { node: null, message: noFitMessage(candidates.length, reasons) };
}

/**
 * Why the pod may not go there, in the scheduler's words; null when it may.
 * Source: kubernetes/kubernetes pkg/scheduler/framework/plugins (nodeunschedulable, tainttoleration, nodeaffinity, noderesources)
 */
export function misfit(pod: Pod, { node, pods }: Candidate): string | null {
  const { spec } = pod;
  const cordoned: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
  if (node.spec?.unschedulable && !tolerates(spec.tolerations, cordoned)) return "node(s) were unschedulable";
  const taint = (node.spec?.taints ?? []).find(
    (one) => one.effect !== "PreferNoSchedule" && !tolerates(spec.tolerations, one),
  );
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`;
  if (!matchesNode(spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  return lackingResource(pod, node, pods);
}

function tolerates(tolerations: readonly Toleration[] = [], taint: Taint): boolean {
  return tolerations.some(
    (toleration) =>
      (!toleration.effect || toleration.effect === taint.effect) &&
      (!toleration.key || toleration.key === taint.key) &&
      (toleration.operator === "Exists" || (toleration.value ?? "") === (taint.value ?? "")) &&
      (toleration.key || toleration.operator === "Exists"),
  );
}

function matchesNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const wanted = Object.entries(spec.nodeSelector ?? {}).map(([key, value]) => ({
    key,
    operator: "In",
    values: [value],
  }));
  if (!wanted.every((requirement) => meets(requirement, labels))) return false;
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => matchesTerm(term, node));
}

/** A term with nothing in it matches no node. */
function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => meets(requirement, node.metadata.labels ?? {})) &&
    matchFields.every((requirement) => meets(requirement, { "metadata.name": node.metadata.name }))
  );
}

function lackingResource(pod: Pod, node: Node, pods: readonly Pod[]): string | null {
  const allocatable = node.status?.allocatable ?? {};
  const room = (resource: string) => parseQuantity(allocatable[resource]);
  const places = room("pods");
  if (places !== null && pods.length + 1 > places) return "Too many pods";
  for (const resource of ["cpu", "memory"]) {
    const wanted = requested(pod, resource);
    const available = room(resource);
    if (wanted === 0 || available === null) continue;
    const used = pods.reduce((sum, other) => sum + requested(other, resource), 0);
    if (used + wanted > available) return `Insufficient ${resource}`;
  }
  return null;
}

function requested(pod: Pod, resource: string): number {
  return pod.spec.containers.reduce(
    (sum, container) => sum + (parseQuantity(container.resources?.requests?.[resource]) ?? 0),
    0,
  );
}

function siblings(pod: Pod, pods: readonly Pod[]): number {
  const owner = controllerUid(pod);
  return owner === undefined ? 0 : pods.filter((other) => controllerUid(other) === owner).length;
}

export function controllerUid(pod: Pod): string | undefined {
  return pod.metadata.ownerReferences?.find((reference) => reference.controller)?.uid;
}

function isBefore(
  a: readonly [number, number],
  aName: string,
  b: readonly [number, number],
  bName: string,
): boolean {
  if (a[0] !== b[0]) return a[0] < b[0];
  if (a[1] !== b[1]) return a[1] < b[1];
  return aName < bName;
}

function noFitMessage(nodes: number, reasons: ReadonlyMap<string, number>): string {
  const listed = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return (
    `0/${nodes} nodes are available: ${listed.join(", ")}. ` +
    `preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`
  );
}
