import type { Pool } from "@/lib/contract/pools.ts";
import type { GlyphShape, Tone } from "../ui/glyph.tsx";
import { isFullByBlocks, shareUsed, strandedWords } from "../pools/fragmentation-words.ts";
import { countText, formatCount } from "../ui/count.ts";
import { poolLevel } from "../pools/pool-words.ts";

/** What the overview says first: one sentence, and the numbers behind it. */
export interface Verdict {
  readonly shape: GlyphShape;
  readonly tone: Tone;
  readonly title: string;
  readonly lead: string;
}

/**
 * How badly a pool that gives addresses needs somebody: 0 has room, 1 is at the first threshold, 2 at the second or without a
 * block left, 3 gives a node without a block no address at all.
 */
function urgency(pool: Pool): 0 | 1 | 2 | 3 {
  const { newNode } = pool.fragmentation;
  if (newNode === "refused" || newNode === "full") return 3;
  if (pool.blocks.left === "0") return 2;
  const level = poolLevel(pool)?.level ?? "ok";
  return level === "crit" ? 2 : level === "warn" ? 1 : 0;
}

/** Worst first, then the largest. */
export function compareUrgency(a: Pool, b: Pool): number {
  const worse = urgency(b) - urgency(a);
  if (worse !== 0) return worse;
  // Among those that need somebody the fuller one is worse; among the others size decides.
  if (urgency(a) > 0) {
    const fuller = (poolLevel(b)?.percent ?? 0) - (poolLevel(a)?.percent ?? 0);
    if (fuller !== 0) return fuller;
  }
  const larger = BigInt(b.usage.capacity ?? 0) - BigInt(a.usage.capacity ?? 0);
  if (larger !== 0n) return larger > 0n ? 1 : -1;
  return a.name < b.name ? -1 : 1;
}

/** The verdict on all pools. `waitingPods`: pods without an address; null when they cannot be counted. */
export function verdictOn(pools: readonly Pool[], waitingPods: number | null): Verdict {
  const giving = pools.filter((pool) => pool.state.allocatable).sort(compareUrgency);
  const silent = silentPools(pools.length - giving.length);
  const worst = giving[0];
  if (worst === undefined) {
    return {
      shape: "triangle",
      tone: "crit",
      title: "No pool gives addresses",
      lead: `${silent} New pods wait.`,
    };
  }
  const level = urgency(worst);
  if (level > 0) {
    return {
      shape: "triangle",
      tone: level >= 2 ? "crit" : "warn",
      title: titleOf(worst),
      lead: sentences(useOf(worst), strandedWords(worst), othersLeft(giving.slice(1), worst.family), silent),
    };
  }
  const blind = giving.filter((pool) => poolLevel(pool) === null || pool.blocks.left === null);
  if (blind.length > 0) {
    const which = blind.length === 1 ? (blind[0]?.name ?? "") : `${formatCount(blind.length)} pools`;
    return {
      shape: "ring",
      tone: "warn",
      title:
        poolLevel(blind[0] ?? worst) === null
          ? `The use of ${which} is unknown`
          : `How many blocks are left in ${which} is unknown`,
      lead: sentences(blind[0]?.unknown?.[0] ? sentence(blind[0].unknown[0].reason) : "", silent),
    };
  }
  const waiting = waitingPods ?? 0;
  const left = leftWords(giving);
  const roomy = silent === "" ? "Every pool has room" : "Every pool that gives addresses has room";
  if (waiting > 0) {
    const pods = waiting === 1 ? "1 pod" : `${formatCount(waiting)} pods`;
    return {
      shape: "triangle",
      tone: "crit",
      title: `${roomy}, but ${pods} cannot get an address`,
      lead: sentences(left, silent),
    };
  }
  return { shape: "dot", tone: "ok", title: roomy, lead: sentences(left, silent) };
}

function titleOf(pool: Pool): string {
  if (isFullByBlocks(pool)) return `${pool.name} is ${shareUsed(pool)} used, yet full by blocks`;
  if (pool.blocks.left === "0") return `${pool.name} has no block left to claim`;
  return pool.fragmentation.newNode === "refused"
    ? `Nodes may claim no block of ${pool.name}`
    : `${pool.name} is ${shareUsed(pool)} full`;
}

function useOf(pool: Pool): string {
  const { borrowed } = pool.usage;
  const lent =
    borrowed === null || borrowed === "0"
      ? ""
      : `, ${countText(borrowed)} of them borrowed from blocks of other nodes`;
  return `${shareUsed(pool)} of its addresses are in use${lent}.`;
}

function othersLeft(others: readonly Pool[], family: 4 | 6): string {
  const same = others.filter((pool) => pool.family === family);
  if (same.length === 0) return `No other IPv${family} pool gives addresses.`;
  const left = sumLeft(same);
  const which = same.length === 1 ? `The other IPv${family} pool has` : `The other IPv${family} pools have`;
  return left === null ? "" : `${which} ${blocks(left)} left to claim.`;
}

function leftWords(pools: readonly Pool[]): string {
  const parts = ([4, 6] as const).flatMap((family) => {
    const same = pools.filter((pool) => pool.family === family);
    const left = same.length === 0 ? null : sumLeft(same);
    return left === null ? [] : [`${countText(left)} IPv${family} ${left === 1n ? "block" : "blocks"}`];
  });
  if (parts.length === 0) return "";
  return `${parts.join(" and ")} ${parts.length === 1 && parts[0]?.startsWith("1 ") ? "is" : "are"} left to claim.`;
}

function sumLeft(pools: readonly Pool[]): bigint | null {
  let sum = 0n;
  for (const {
    blocks: { left },
  } of pools) {
    if (left === null) return null;
    sum += BigInt(left);
  }
  return sum;
}

function blocks(count: bigint): string {
  return count === 1n ? "1 block" : `${countText(count)} blocks`;
}

const words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];

function silentPools(count: number): string {
  if (count === 0) return "";
  const number = words[count] ?? formatCount(count);
  return count === 1 ? "One pool gives no addresses." : `${number} pools give no addresses.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
