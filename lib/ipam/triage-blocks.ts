import type { Family } from "./address.ts";
import { cidrSize, formatCidr } from "./cidr.ts";
import type { Triage, TriageFacts, TriagePool, TriageRule } from "./triage.ts";
import { count, counted, nodeWords, otherPool, poolHref, scope } from "./triage-words.ts";

/** Texts about pools and nodes that have no address or no block left. */
export const blockRules: readonly TriageRule[] = [
  {
    pattern: /^cannot allocate new block due to per host block limit$/,
    explain: (_match, facts) => blockLimit(facts),
  },
  {
    pattern: /^failed to find or claim a block$/,
    explain: (_match, facts) => ({
      code: "no-new-blocks",
      cause: `${ownBlocks(facts)}, and IPAM configuration autoAllocateBlocks false keeps it from claiming another.`,
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
      /^failed to request IPv([46]) addresses: Assigned 0 out of 1 requested IPv[46] addresses(?:; (.+))?$/s,
    explain: ([, family, note = ""], facts) => noAddressLeft(family === "6" ? 6 : 4, note, facts),
  },
];

function ownBlocks(facts: TriageFacts): string {
  const { blocks } = facts;
  const node = facts.pod.node ?? "The node";
  if (blocks === null) return `The blocks of ${nodeWords(facts)} are full`;
  if (blocks.held === 0) return `${node} holds no block in the pools that it may use`;
  const held = counted(blocks.held, "block");
  return `${node} holds ${held} in the pools that it may use and ${blocks.held === 1 ? "it is" : "all are"} full`;
}

function blockLimit(facts: TriageFacts): Triage {
  const { blocks } = facts;
  const held =
    blocks === null
      ? "as many blocks as a node may have"
      : `${blocks.held} of the ${blocks.limit} blocks that a node may have`;
  return {
    code: "block-limit",
    cause: `${facts.pod.node ?? "The node"} holds ${held} in pools of the request, and all are full. At the limit Calico does not borrow.`,
    fixes: [
      {
        label: "Raise the limit; it needs strictAffinity",
        command: `calicoctl ipam configure --strictaffinity=true --max-blocks-per-host=${(blocks?.limit ?? 20) * 2}`,
      },
      {
        label: `See the blocks of ${nodeWords(facts)}`,
        href: `/nodes?q=${encodeURIComponent(facts.pod.node ?? "")}`,
      },
    ],
  };
}

function noAddressLeft(family: Family, note: string, facts: TriageFacts): Triage {
  if (note.includes("No more free affine blocks and strict affinity enabled"))
    return strictAffinity(family, facts);
  const cidrs =
    /No IPs available in pools: \[([^\]]*)\]/
      .exec(note)?.[1]
      ?.split(/[ ,]+/)
      .filter((cidr) => cidr !== "") ?? [];
  if (cidrs.length === 0) {
    return {
      code: "block-write-failed",
      cause: `Calico could not write the block it had chosen for ${nodeWords(facts)}. The kubelet tries again.`,
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

/** Free addresses there may be, but in blocks of other nodes. */
function strictAffinity(family: Family, facts: TriageFacts): Triage {
  const usable = facts.pools.filter(({ pool }) => pool.cidr.family === family && facts.usable.has(pool.name));
  const isSettled = usable.every(({ blocksLeft }) => blocksLeft === 0n);
  const numbers = isSettled ? usable.slice(0, 3).map(leftElsewhere).join("") : "";
  return {
    code: "strict-affinity",
    cause: `No pool that ${scope(facts)} may use has a block left for ${nodeWords(facts)}, and strictAffinity keeps it from borrowing.${numbers}`,
    fixes: [
      { label: "Let nodes borrow", command: "calicoctl ipam configure --strictaffinity=false" },
      { label: "Add a pool", href: "/pools?new=form" },
    ],
  };
}

function leftElsewhere({ pool, free }: TriagePool): string {
  if (free === null) return "";
  const left = free === 0n ? "no free address" : `${count(free)} free addresses, in blocks of other nodes`;
  return ` ${pool.name} has no block to claim and ${left}.`;
}

function fullness({ pool, free }: TriagePool): string {
  const size = count(cidrSize(pool.cidr));
  if (free === null) return `${pool.name} has no address left of ${size}.`;
  if (free === 0n) return `${pool.name} has no address left: 0 of ${size} are free.`;
  return `${pool.name} had no address left when the pod was tried. ${count(free)} of ${size} are free now.`;
}
