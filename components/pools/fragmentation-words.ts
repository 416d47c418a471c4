import type { Pool } from "@/lib/contract/pools.ts";
import { countText, formatPercent } from "../ui/count.ts";
import { plural, poolLevel } from "./pool-words.ts";

/**
 * How the pool's free addresses lie and what a node that holds no block here does for one, with the numbers that prove it.
 * Null: what decides it cannot be read.
 */
export function roomWords(pool: Pool): string | null {
  const { serves } = pool.nodes;
  if (serves === null || pool.fragmentation.blocksWithFree === null) return null;
  if (!serves) {
    const gives = pool.state.allocatable ? "It gives pods no addresses" : "It gives no new addresses";
    return pool.blocks.claimed === "0" ? `${gives}, and no block is claimed.` : `${gives}. ${lie(pool)}.`;
  }
  return sentences(outcomeWords(pool), limitWords(pool));
}

/** The same in the words of a verdict, where the share in use stands already; "" where a node can still claim a block. */
export function strandedWords(pool: Pool): string {
  switch (pool.fragmentation.newNode) {
    case "borrows":
      return `${lie(pool)}: a node without room in its own can only borrow.`;
    case "refused":
      return `${lie(pool)}, and ${refusal(pool)}.`;
    case "takesOver":
      return `${emptyBlocks(pool)} can be taken over.`;
    case "full":
      return "No address is free.";
    default:
      return "";
  }
}

/** Few addresses are in use, and still no node can claim a block. */
export function isFullByBlocks(pool: Pool): boolean {
  const { newNode, stranded } = pool.fragmentation;
  return (
    (newNode === "borrows" || newNode === "refused") &&
    pool.blocks.left === "0" &&
    stranded !== "0" &&
    poolLevel(pool)?.level === "ok"
  );
}

/** “10 %” of the pool's addresses. */
export function shareUsed({ usage }: Pick<Pool, "usage">): string {
  return usage.inUse === null || usage.capacity === null
    ? "unknown"
    : formatPercent(usage.inUse, usage.capacity);
}

function outcomeWords(pool: Pool): string {
  const { newNode } = pool.fragmentation;
  switch (newNode) {
    case "claims":
      return claimWords(pool);
    case "takesOver":
      return `${shareUsed(pool)} used, and no block is left to claim: a node that holds none here takes over ${pool.fragmentation.takeable === "1" ? "the 1 empty block of another node" : `one of ${emptyBlocks(pool)} of other nodes`}.`;
    case "borrows":
      return `${fullByBlocks(pool)}: ${small(lie(pool))}. A node without room in its own can only borrow. ${withoutWords(pool)}`;
    case "refused":
      return pool.blocks.left === "0"
        ? `${fullByBlocks(pool)}: ${small(lie(pool))}, and ${refusal(pool)}. ${withoutWords(pool)}`
        : `Nodes claim no blocks, as autoAllocateBlocks is false: ${blocks(pool.blocks.left)} stay unclaimed, and a node that holds none here gets no address.`;
    case "full":
      return "No address is free, in claimed blocks or outside.";
    default:
      return "";
  }
}

function claimWords(pool: Pool): string {
  const {
    blocks: { claimed, left },
    usage: { freeInBlocks },
    fragmentation,
  } = pool;
  if (claimed === "0")
    return `No block is claimed yet, and ${blocks(left)} ${left === "1" ? "is" : "are"} left: a node claims one with its first address.`;
  const held =
    freeInBlocks === "0"
      ? `${blocks(claimed)} ${claimed === "1" ? "is" : "are"} claimed, and no address in ${claimed === "1" ? "it" : "them"} is free.`
      : `${lie(pool)} and go to their nodes first.`;
  const lost =
    fragmentation.stranded === "0" || fragmentation.stranded === null
      ? ""
      : `${countText(fragmentation.stranded)} of them ${fragmentation.stranded === "1" ? "lies" : "lie"} in blocks without an owner, where strict affinity lets no node in.`;
  return sentences(
    held,
    lost,
    `A node that holds no block here claims one of ${countText(left ?? "0")} left.`,
  );
}

/** “922 free addresses lie in 16 claimed blocks”. */
function lie({ usage, fragmentation }: Pool): string {
  const free = usage.freeInBlocks ?? "0";
  const many = free === "1" ? "1 free address lies" : `${countText(free)} free addresses lie`;
  const held = fragmentation.blocksWithFree ?? "0";
  return free === "0"
    ? "No claimed block has a free address"
    : `${many} in ${held === "1" ? "1 claimed block" : `${countText(held)} claimed blocks`}`;
}

function fullByBlocks(pool: Pool): string {
  const but = poolLevel(pool)?.level === "ok" ? "yet" : "and";
  return `${shareUsed(pool)} used, ${but} full by blocks`;
}

function refusal({ fragmentation: { strictAffinity } }: Pool): string {
  return strictAffinity === true
    ? "strict affinity keeps every other node from them"
    : "autoAllocateBlocks false keeps nodes from claiming others";
}

function withoutWords({ nodes: { eligible, withoutBlock }, fragmentation: { newNode } }: Pool): string {
  if (eligible === null || withoutBlock === null || withoutBlock <= 0) return "";
  const get =
    newNode === "refused" ? (withoutBlock === 1 ? " and gets no address" : " and get no address") : "";
  return `${withoutBlock === 1 ? "1" : countText(withoutBlock)} of ${plural(eligible, "node")} ${withoutBlock === 1 ? "has" : "have"} no block here${get}.`;
}

function limitWords({ nodes: { atLimit } }: Pool): string {
  if (atLimit === null || atLimit === 0) return "";
  return `${plural(atLimit, "node")} ${atLimit === 1 ? "holds" : "hold"} as many blocks as a node may: once ${atLimit === 1 ? "its" : "their"} blocks are full, pods there get no address.`;
}

function emptyBlocks({ fragmentation: { takeable } }: Pool): string {
  return takeable === "1" ? "1 empty block" : `${countText(takeable ?? "0")} empty blocks`;
}

function blocks(count: string | null): string {
  return count === "1" ? "1 block" : `${countText(count ?? "0")} blocks`;
}

function small(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function sentences(...parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(" ");
}
