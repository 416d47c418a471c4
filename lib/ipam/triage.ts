import type { Family } from "./address.ts";
import type { Pool } from "./pool.ts";
import { blockRules } from "./triage-blocks.ts";
import { poolRules } from "./triage-pools.ts";
import { exactIpRules, otherRules } from "./triage-texts.ts";

/** What somebody can do: a page of ours, a command, or only a sentence. */
export interface Fix {
  readonly label: string;
  readonly href?: string;
  readonly command?: string;
}

/** A failed pod, explained. `code` is stable; `cause` are sentences for people. */
export interface Triage {
  readonly code: string;
  readonly cause: string;
  readonly fixes: readonly Fix[];
}

export interface TriagePool {
  readonly pool: Pool;
  /** Free addresses now; null: unknown. */
  readonly free: bigint | null;
  /** Blocks that can still be claimed; null: unknown. */
  readonly blocksLeft: bigint | null;
}

/** What is known around the pod now, which may be later than the failure. */
export interface TriageFacts {
  readonly pod: {
    readonly namespace: string;
    /** Null: any pod of the namespace. */
    readonly name: string | null;
    readonly node: string | null;
    /** The node runs Windows. */
    readonly windows: boolean;
  };
  /** The pools annotation that counts for each family, and who carries it; null: none. */
  readonly annotation: {
    readonly [F in Family]: { readonly raw: string; readonly on: "Pod" | "Namespace" } | null;
  };
  readonly pools: readonly TriagePool[];
  /** Names of the pools that the pod may use on its node. */
  readonly usable: ReadonlySet<string>;
  /** Where the IPAM configuration is changed, as kubectl names it. */
  readonly configResource: string;
  /** Blocks that the pod's node holds in the pools of one family that it may use, and may hold; null: unknown. */
  readonly blocks: { readonly held: number; readonly limit: number } | null;
}

/** A rule explains texts that its pattern matches; null leaves them to the rules after it. */
export interface TriageRule {
  readonly pattern: RegExp;
  readonly explain: (match: RegExpExecArray, facts: TriageFacts) => Triage | null;
}

/**
 * Explains Calico's own words for a pod without an address; cut the runtime's prefix off first. A text we do not know gets code
 * `unknown` and no cause but itself.
 * Source of the texts: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam.go, cni-plugin/pkg/k8s/k8s.go, cni-plugin/pkg/ipamplugin/ipam_plugin.go
 */
export function triage(text: string, facts: TriageFacts): Triage {
  const words = text.trim();
  for (const { pattern, explain } of [...poolRules, ...blockRules, ...exactIpRules, ...otherRules]) {
    const match = pattern.exec(words);
    const explained = match === null ? null : explain(match, facts);
    if (explained !== null) return explained;
  }
  const where = facts.pod.node === null ? "" : ` on ${facts.pod.node}`;
  return {
    code: "unknown",
    cause: `The network plugin refused the pod${where} with words that Poolboard does not know.`,
    fixes: [],
  };
}
