import type { Family } from "./address.ts";
import { isEnabled } from "./candidate-pools.ts";
import type { Pool } from "./pool.ts";
import type { Fix, TriageFacts } from "./triage.ts";

/** The pod in the middle of a sentence. */
export function podWords({ pod }: Pick<TriageFacts, "pod">): string {
  return pod.name === null ? "the pod" : `pod ${pod.name}`;
}

/** Whoever carries the annotation that counts: the pod, or its namespace. */
export function scope(facts: TriageFacts): string {
  return facts.annotation[4]?.on === "Pod" ? podWords(facts) : facts.pod.namespace;
}

export function nodeWords({ pod }: Pick<TriageFacts, "pod">): string {
  return pod.node ?? "the node";
}

/** Editing the annotation that counts; the command names a pool that gives addresses now, when there is one. */
export function otherPool(facts: TriageFacts, family: Family = 4): Fix {
  const { namespace } = facts.pod;
  if (facts.annotation[family]?.on === "Pod")
    return { label: `Change the annotation of ${podWords(facts)} and create it again` };
  const fix = {
    label: `Choose pools for ${namespace}`,
    href: `/namespaces?edit=${encodeURIComponent(namespace)}`,
  };
  const usable = facts.pools.find(
    ({ pool, free }) =>
      pool.cidr.family === family && isEnabled(pool) && free !== 0n && pool.allowedUses.includes("Workload"),
  );
  if (usable === undefined) return fix;
  const value = JSON.stringify([usable.pool.name]);
  return {
    ...fix,
    command: `kubectl annotate namespace ${namespace} cni.projectcalico.org/ipv${family}pools='${value}' --overwrite`,
  };
}

export function poolHref(pool: Pool): string {
  return `/pools/${encodeURIComponent(pool.name)}`;
}

export function count(value: bigint): string {
  return value.toLocaleString("en-US");
}

/** “1 pool”, “2 pools”. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(BigInt(number))} ${number === 1 ? one : many}`;
}
