import type { BlockRow } from "../../inventory/block-row.ts";

/** Interned namespace, addresses of its pods, the next namespace, and so on. Most blocks have one or a few. */
export type NamespaceTally = readonly number[];

export const noPods: NamespaceTally = [];

/** Of the ordinals of the block, both included. */
export function namespaceTally({ content }: BlockRow, first: number, last: number): NamespaceTally {
  const counts = new Map<number, number>();
  for (let ordinal = first; ordinal <= last; ordinal++) {
    const index = content.slot(ordinal);
    if (index < 0) continue;
    const kind = content.kind(index);
    if (kind !== "pod" && kind !== "vm") continue;
    const namespace = content.namespaceId(index);
    if (namespace !== 0) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  return counts.size === 0 ? noPods : [...counts].flat();
}

/** Both counted together. */
export function merged(one: NamespaceTally, other: NamespaceTally): NamespaceTally {
  const counts = new Map<number, number>();
  for (const tally of [one, other]) {
    for (let at = 0; at < tally.length; at += 2) {
      const [namespace = 0, count = 0] = tally.slice(at, at + 2);
      counts.set(namespace, (counts.get(namespace) ?? 0) + count);
    }
  }
  return [...counts].flat();
}

/** 0: several have equally many, and no other more. */
export function mostOf(tally: NamespaceTally): number {
  let [found, most] = [0, 0];
  for (let at = 0; at < tally.length; at += 2) {
    const [namespace = 0, count = 0] = [tally[at], tally[at + 1]];
    if (count > most) [found, most] = [namespace, count];
    else if (count === most) found = 0;
  }
  return found;
}
