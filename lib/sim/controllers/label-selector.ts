import type { Labels, LabelSelector, Requirement } from "../kube-objects.ts";

/** Kubernetes' own label selector of workloads (not Calico's language). Null or absent selects nothing, empty everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  if (!selector) return false;
  const exact = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => own(labels, key) === value,
  );
  return exact && (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels));
}

/**
 * One requirement of a selector or of node affinity (which also knows Gt and Lt). An unknown operator is not met.
 * Source: kubernetes/kubernetes staging/src/k8s.io/apimachinery/pkg/labels/selector.go Requirement.Matches
 */
export function meets({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = own(labels, key);
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return isInteger(value) && isInteger(values[0]) && Number(value) > Number(values[0]);
    case "Lt":
      return isInteger(value) && isInteger(values[0]) && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function own(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function isInteger(text: string | undefined): boolean {
  return text !== undefined && /^-?\d+$/.test(text);
}
