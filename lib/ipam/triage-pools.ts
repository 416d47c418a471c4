import type { Family } from "./address.ts";
import { isEnabled } from "./candidate-pools.ts";
import { sameCidr } from "./cidr.ts";
import { readWrittenCidr } from "./pool-draft.ts";
import { type BrokenCode, brokenAnnotationCause, parsePoolsAnnotation } from "./pools-annotation.ts";
import type { Triage, TriageFacts, TriagePool, TriageRule } from "./triage.ts";
import { count, counted, otherPool, podWords, poolHref, scope } from "./triage-words.ts";

/** Texts about pools and the annotations that name pools. */
export const poolRules: readonly TriageRule[] = [
  {
    pattern: /^the given pool \((.+)\) does not exist, or is not enabled$/,
    explain: ([, cidr = ""], facts) => givenPool(cidr, facts),
  },
  {
    pattern: /^cannot find a qualified ippool, no pools match the required use \(Workload\)$/,
    explain: (_match, facts) => noPoolForPods(facts),
  },
  { pattern: /^cannot find a qualified ippool$/, explain: (_match, facts) => noPoolEnabled(facts) },
  {
    pattern: /^no configured Calico pools for node (.+)$/,
    explain: ([, name = ""], facts) => noPoolSelected(name, facts),
  },
  {
    pattern:
      /^(?:invalid character '.*' .+|unexpected end of JSON input|exceeded max depth|json: cannot unmarshal .+ into Go value of type (?:string|\[\]string))$/s,
    explain: ([text], facts) => brokenAnnotation("not-json", text, facts),
  },
  {
    pattern: /^error parsing pool ".*": invalid CIDR address: .*$/s,
    explain: ([text], facts) => brokenAnnotation("unknown-pool", text, facts),
  },
  {
    pattern: /^".*" isn't a IPv[46] address$/s,
    explain: ([text], facts) => brokenAnnotation("wrong-family", text, facts),
  },
];

function givenPool(text: string, facts: TriageFacts): Triage | null {
  const cidr = readWrittenCidr(text)?.cidr;
  if (cidr === undefined) return null;
  const found = facts.pools.find(({ pool }) => sameCidr(pool.cidr, cidr));
  const asks = asksFor(cidr.family, facts);
  if (found === undefined) {
    const cause = `No pool has exactly the range ${text}, and ${asks.who} asks for it.`;
    return {
      code: "pool-missing",
      cause,
      fixes: [otherPool(facts, cidr.family), { label: "Create the pool", href: "/pools?new=form" }],
    };
  }
  const { pool, free } = found;
  const wants = asks.only
    ? `${asks.who} names only that pool`
    : `${asks.who} names it; Calico refuses the whole list when one pool in it gives no addresses`;
  const notFull =
    free === null || free === 0n ? "" : ` It is not full: ${count(free)} of its addresses are free.`;
  if (pool.deleting) {
    return {
      code: "pool-terminating",
      cause: `${pool.name} is being deleted, and ${wants}.`,
      fixes: [otherPool(facts, cidr.family)],
    };
  }
  if (pool.disabled) {
    const enable = {
      label: `Enable ${pool.name}`,
      href: poolHref(pool),
      command: `calicoctl patch ippool ${pool.name} -p '{"spec":{"disabled":false}}'`,
    };
    return {
      code: "pool-disabled",
      cause: `${pool.name} is disabled, and ${wants}.${notFull}`,
      fixes: [enable, otherPool(facts, cidr.family)],
    };
  }
  if (!isEnabled(pool)) {
    const why =
      pool.allocatable?.reason === "CIDROverlap"
        ? "overlaps a pool that had the range first"
        : "is marked as not allocatable by Calico";
    return {
      code: "pool-not-allocatable",
      cause: `${pool.name} ${why}, and ${wants}.`,
      fixes: [{ label: `Look at ${pool.name}`, href: poolHref(pool) }, otherPool(facts, cidr.family)],
    };
  }
  return {
    code: "pool-was-disabled",
    cause: `${pool.name} gave no addresses when the pod was tried. It is enabled now, so the next try of the kubelet can succeed.`,
    fixes: [],
  };
}

function enabledOf({ pools }: TriageFacts): readonly TriagePool[] {
  return pools.filter(({ pool }) => isEnabled(pool));
}

function noPoolForPods(facts: TriageFacts): Triage {
  const enabled = enabledOf(facts);
  const serving = enabled.filter(({ pool }) => pool.allowedUses.includes("Workload")).length;
  const have = `${serving} of ${counted(enabled.length, "enabled pool")} ${serving === 1 ? "has" : "have"} it.`;
  return {
    code: "no-pool-for-workloads",
    cause: `The pools that ${scope(facts)} may use give no addresses to pods: none has Workload among its allowedUses. ${have}`,
    fixes: [{ label: "Look at the allowed uses of the pools", href: "/pools" }, otherPool(facts)],
  };
}

function noPoolEnabled(facts: TriageFacts): Triage {
  const enabled = enabledOf(facts);
  if (facts.pools.length === 0) {
    return {
      code: "no-pool",
      cause: "There is no pool, so no pod can get an address.",
      fixes: [{ label: "Create a pool", href: "/pools?new=form" }],
    };
  }
  const four = enabled.filter(({ pool }) => pool.cidr.family === 4);
  if (facts.pod.windows && four.length > 0 && four.every(({ pool }) => pool.blockSize > 29)) {
    return {
      code: "blocks-too-small",
      cause: `${facts.pod.node ?? "The node"} runs Windows, which keeps four addresses of each block: no enabled IPv4 pool has blocks of at least 8 addresses (/29). ${counted(four.length, "pool has", "pools have")} smaller ones.`,
      fixes: [{ label: "Add a pool with larger blocks", href: "/pools?new=form" }],
    };
  }
  const families = [4, 6].filter((family) => !enabled.some(({ pool }) => pool.cidr.family === family));
  const which = families.length === 1 ? `IPv${families[0]} pool` : "pool of the family asked for";
  const off = facts.pools
    .filter(({ pool }) => pool.disabled && mayBeAsked(pool, facts))
    .map(({ pool }) => ({ label: `Enable ${pool.name}`, href: poolHref(pool) }));
  return {
    code: "no-pool-enabled",
    cause: `No ${which} is enabled. ${counted(facts.pools.length, "pool exists", "pools exist")}.`,
    fixes: off.slice(0, 3),
  };
}

/** Where pools are asked for by name, another one would not help. */
function mayBeAsked(
  { name, cidr: { family } }: TriagePool["pool"],
  { annotation, pools }: TriageFacts,
): boolean {
  const all = pools.map(({ pool }) => pool);
  const asked = parsePoolsAnnotation(annotation[family]?.raw ?? null, family, all);
  return asked.kind !== "named" || asked.entries.some(({ pool }) => pool?.name === name);
}

function noPoolSelected(nodeName: string, facts: TriageFacts): Triage {
  const enabled = enabledOf(facts);
  const manual = enabled.filter(({ pool }) => pool.assignmentMode === "Manual").length;
  const others = enabled.length - manual;
  const reasons = [
    ...(manual > 0 ? [`${manual} must be asked for by name (assignmentMode Manual)`] : []),
    ...(others > 0 ? [`${others} select${others === 1 ? "s" : ""} other nodes or namespaces`] : []),
  ];
  const cause = `No enabled pool selects ${nodeName} and ${facts.pod.namespace} together. Of ${enabled.length} enabled pools ${reasons.join(", ")}.`;
  return {
    code: "no-pool-selected",
    cause,
    fixes: [{ label: "Look at the selectors of the pools", href: "/pools" }, otherPool(facts)],
  };
}

function brokenAnnotation(code: BrokenCode, text: string, facts: TriageFacts): Triage {
  const family = brokenFamily(text, facts);
  const annotation = facts.annotation[family];
  const cause = brokenAnnotationCause(
    code,
    text,
    annotation?.raw ?? "",
    family,
    facts.pools.map(({ pool }) => pool),
  );
  const carrier = annotation?.on === "Pod" ? podWords(facts) : `namespace ${facts.pod.namespace}`;
  return {
    code: `annotation-${code}`,
    cause: `${cause}. The annotation is on ${carrier}.`,
    fixes: [otherPool(facts, family)],
  };
}

/** The error names no annotation: when both families have one, the pool's family or the name in it tells. */
function brokenFamily(text: string, { annotation }: TriageFacts): Family {
  const wrong = /isn't a IPv([46]) address$/.exec(text)?.[1];
  if (wrong !== undefined) return wrong === "6" ? 6 : 4;
  if (annotation[4] === null) return annotation[6] === null ? 4 : 6;
  const name = /^error parsing pool "(.*)": /s.exec(text)?.[1];
  if (annotation[6] !== null && name !== undefined && !annotation[4].raw.includes(name)) return 6;
  return 4;
}

/** Who asks for pools, and whether for one only. */
function asksFor(family: Family, facts: TriageFacts): { who: string; only: boolean } {
  const annotation = facts.annotation[family];
  if (annotation === null) return { who: "the CNI configuration", only: false };
  return {
    who: annotation.on === "Pod" ? podWords(facts) : facts.pod.namespace,
    only: !annotation.raw.includes(","),
  };
}
