import type { PodTemplate } from "../kube-objects.ts";

/**
 * Characters of generated names: no vowels and no look-alikes.
 * Source: kubernetes/kubernetes staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go
 */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** `length` random name characters; `random` gives 0 ≤ n < 1. */
export function randomSuffix(length: number, random: () => number = Math.random): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
}

/**
 * The `pod-template-hash` of a template: equal templates give equal hashes, whatever their key order. Kubernetes hashes
 * Go's own print of the struct, which only Go can make; the shape (32-bit FNV-1a in name characters, changed by the
 * collision count) is the same, the value is not.
 * Source: kubernetes/kubernetes pkg/controller/controller_utils.go ComputeHash
 */
export function podTemplateHash(template: PodTemplate, collisionCount = 0): string {
  const text = canonicalJson(withoutHashLabel(template)) + (collisionCount > 0 ? String(collisionCount) : "");
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return Array.from(String(hash), (digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join("");
}

/** Whether two templates would make the same pods; the hash label that the controller adds does not count. */
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return canonicalJson(withoutHashLabel(a)) === canonicalJson(withoutHashLabel(b));
}

export const templateHashLabel = "pod-template-hash";

function withoutHashLabel(template: PodTemplate): PodTemplate {
  const { [templateHashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** JSON with sorted keys; null members (creationTimestamp of a template) count as absent. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined && member !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}
