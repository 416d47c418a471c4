import type { Family } from "./address.ts";
import { isEnabled } from "./candidate-pools.ts";
import { cidrSize, formatCidr, sameCidr } from "./cidr.ts";
import type { Pool } from "./pool.ts";
import { readWrittenCidr } from "./pool-draft.ts";
import { type BrokenCode, brokenAnnotationCause } from "./pools-annotation.ts";
import type { Fix, Triage, TriageFacts, TriagePool, TriageRule } from "./triage.ts";

/** Texts about pools, blocks and the annotations that name pools. */
export const poolRules: readonly TriageRule[] = [
  {
    pattern: /^the given pool \((.+)\) does not exist, or is not enabled$/,
    explain: ([, cidr = ""], facts) => givenPool(cidr, facts),
  },
  {
    pattern: /^cannot find a qualified ippool, no pools match the required use \(Workload\)$/,
    explain: (_match, facts) => ({
      code: "no-pool-for-workloads",
      cause: `The pools that ${scope(facts)} may use give no addresses to pods: none has Workload among its allowedUses.`,
      fixes: [{ label: "Look at the allowed uses of the pools", href: "/pools" }, otherPool(facts)],
    }),
  },
  { pattern: /^cannot find a qualified ippool$/, explain: (_match, facts) => noPoolEnabled(facts) },
  {
    pattern: /^no configured Calico pools for node (.+)$/,
    explain: ([, name = ""], facts) => noPoolSelected(name, facts),
  },
  {
    pattern: /^cannot allocate new block due to per host block limit$/,
    explain: (_match, facts) => blockLimit(facts),
  },
  {
    pattern: /^failed to find or claim a block$/,
    explain: (_match, facts) => ({
      code: "no-new-blocks",
      cause: `The blocks of ${node(facts)} are full, and IPAM configuration autoAllocateBlocks false keeps it from claiming another.`,
      fixes: [
        {
          label: "Let nodes claim blocks",
          command: `kubectl patch ${facts.configResource} default --type=merge -p '{"spec":{"autoAllocateBlocks":true}}'`,
        },
      ],
    }),
  },
  {
    pattern:
      /^failed to request IPv([46]) addresses: Assigned 0 out of 1 requested IPv[46] addresses; (.+)$/s,
    explain: ([, family, note = ""], facts) => noAddressLeft(family === "6" ? 6 : 4, note, facts),
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

function noPoolEnabled(facts: TriageFacts): Triage {
  const enabled = facts.pools.filter(({ pool }) => isEnabled(pool));
  if (facts.pools.length === 0) {
    return {
      code: "no-pool",
      cause: "There is no pool, so no pod can get an address.",
      fixes: [{ label: "Create a pool", href: "/pools?new=form" }],
    };
  }
  const families = [4, 6].filter((family) => !enabled.some(({ pool }) => pool.cidr.family === family));
  const which = families.length === 1 ? `IPv${families[0]} pool` : "pool of the family asked for";
  const off = facts.pools
    .filter(({ pool }) => pool.disabled)
    .map(({ pool }) => ({ label: `Enable ${pool.name}`, href: poolHref(pool) }));
  return {
    code: "no-pool-enabled",
    cause: `No ${which} is enabled. ${count(BigInt(facts.pools.length))} ${facts.pools.length === 1 ? "pool exists" : "pools exist"}.`,
    fixes: off.slice(0, 3),
  };
}

function noPoolSelected(nodeName: string, facts: TriageFacts): Triage {
  const enabled = facts.pools.filter(({ pool }) => isEnabled(pool));
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

function blockLimit(facts: TriageFacts): Triage {
  const held =
    facts.blocks === null
      ? "as many blocks as a node may have"
      : `${facts.blocks.held} of the ${facts.blocks.limit} blocks that a node may have`;
  return {
    code: "block-limit",
    cause: `${node(facts)} holds ${held}, and all are full. At the limit Calico does not borrow.`,
    fixes: [
      {
        label: "Raise the limit; it needs strictAffinity",
        command: `calicoctl ipam configure --strictaffinity=true --max-blocks-per-host=${(facts.blocks?.limit ?? 20) * 2}`,
      },
      {
        label: `See the blocks of ${node(facts)}`,
        href: `/nodes?q=${encodeURIComponent(facts.pod.node ?? "")}`,
      },
    ],
  };
}

function noAddressLeft(family: Family, note: string, facts: TriageFacts): Triage {
  if (note.includes("No more free affine blocks and strict affinity enabled")) {
    return {
      code: "strict-affinity",
      cause: `No pool that ${scope(facts)} may use has a block left for ${node(facts)}, and strictAffinity keeps it from borrowing.`,
      fixes: [
        { label: "Let nodes borrow", command: "calicoctl ipam configure --strictaffinity=false" },
        { label: "Add a pool", href: "/pools?new=form" },
      ],
    };
  }
  const cidrs =
    /No IPs available in pools: \[([^\]]*)\]/
      .exec(note)?.[1]
      ?.split(/[ ,]+/)
      .filter((cidr) => cidr !== "") ?? [];
  if (cidrs.length === 0) {
    return {
      code: "block-write-failed",
      cause: `Calico could not write the block it had chosen for ${node(facts)}. The kubelet tries again.`,
      fixes: [],
    };
  }
  const full = cidrs.map((cidr) => facts.pools.find(({ pool }) => formatCidr(pool.cidr) === cidr) ?? cidr);
  const cause = full
    .map((one) => (typeof one === "string" ? `${one} has no address left.` : fullness(one)))
    .join(" ");
  const links = full.flatMap((one) =>
    typeof one === "string" ? [] : [{ label: `See what fills ${one.pool.name}`, href: poolHref(one.pool) }],
  );
  return {
    code: "pool-full",
    cause,
    fixes: [...links.slice(0, 2), { label: "Add a pool", href: "/pools?new=form" }, otherPool(facts, family)],
  };
}

function fullness({ pool, free }: TriagePool): string {
  const size = count(cidrSize(pool.cidr));
  if (free === null) return `${pool.name} has no address left of ${size}.`;
  if (free === 0n) return `${pool.name} has no address left: 0 of ${size} are free.`;
  return `${pool.name} had no address left when the pod was tried. ${count(free)} of ${size} are free now.`;
}

function brokenAnnotation(code: BrokenCode, text: string, facts: TriageFacts): Triage {
  const family = brokenFamily(text, facts);
  const annotation = facts.annotation[family];
  const cause = brokenAnnotationCause(code, text, annotation?.raw ?? "", family);
  const carrier = annotation?.on === "Pod" ? `pod ${facts.pod.name}` : `namespace ${facts.pod.namespace}`;
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
    who: annotation.on === "Pod" ? `pod ${facts.pod.name}` : facts.pod.namespace,
    only: !annotation.raw.includes(","),
  };
}

function scope(facts: TriageFacts): string {
  return facts.annotation[4]?.on === "Pod" ? `pod ${facts.pod.name}` : facts.pod.namespace;
}

function node(facts: TriageFacts): string {
  return facts.pod.node ?? "the node";
}

/** Editing the annotation that counts; the command names a pool that gives addresses now, when there is one. */
function otherPool(facts: TriageFacts, family: Family = 4): Fix {
  const { namespace, name } = facts.pod;
  if (facts.annotation[family]?.on === "Pod")
    return { label: `Change the annotation of pod ${name} and create it again` };
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

function poolHref(pool: Pool): string {
  return `/pools/${encodeURIComponent(pool.name)}`;
}

function count(value: bigint): string {
  return value.toLocaleString("en-US");
}
