import type { Pool } from "@/lib/contract/pools.ts";
import { type Level, levelOf } from "@/lib/format/level.ts";
import { isHandTool } from "@/lib/ipam/pool-owner.ts";
import { countText, formatCount, formatPercent, percentOf } from "../ui/count.ts";
import type { State } from "../ui/state-badge.tsx";

/** Two lines about one fact: what it is, and the detail. */
export interface Pair {
  readonly title: string;
  readonly detail: string | null;
}

/** How packets between nodes travel, and whether they leave with the node's address. */
export function encapsulation(pool: Pick<Pool, "ipipMode" | "vxlanMode" | "natOutgoing">): Pair {
  const nat = pool.natOutgoing ? "NAT out" : "no NAT";
  if (pool.vxlanMode !== "Never") return { title: "VXLAN", detail: `${pool.vxlanMode}, ${nat}` };
  if (pool.ipipMode !== "Never") return { title: "IPIP", detail: `${pool.ipipMode}, ${nat}` };
  return { title: "None", detail: `routed, ${nat}` };
}

const managerNames: Record<Exclude<Pool["managedBy"]["kind"], "manager" | "none">, string> = {
  operator: "Operator",
  helm: "Helm",
  argocd: "Argo CD",
  flux: "Flux",
};

/** Who looks after the pool and will put it back. */
export function owner({ managedBy }: Pick<Pool, "managedBy">): Pair {
  const { kind, name } = managedBy;
  if (kind === "operator") return { title: "Operator", detail: "Installation" };
  if (kind === "none") return { title: "By hand", detail: null };
  if (kind !== "manager") return { title: managerNames[kind], detail: name };
  if (name === null) return { title: "By hand", detail: null };
  if (!isHandTool(name)) return { title: name, detail: "last wrote it" };
  return { title: "By hand", detail: /^(kubectl|calicoctl)/.exec(name)?.[1] ?? name };
}

/** The share in use and its level; null when it is not known. */
export function poolLevel(pool: Pool): { readonly percent: number; readonly level: Level } | null {
  const { inUse, capacity } = pool.usage;
  if (inUse === null || capacity === null) return null;
  const percent = percentOf(inUse, capacity);
  return { percent, level: levelOf(percent, pool.thresholds) };
}

/** The state of a pool as a glyph, a word and a reason. An allocatable pool is as bad as the worse of its use and its blocks left. */
export function poolState(pool: Pool): State {
  const { inUse } = pool.usage;
  const { message } = pool.state;
  switch (pool.state.reason) {
    case "OK":
      return allocatable(pool);
    case "PoolDisabled":
      return {
        shape: "ring",
        tone: "muted",
        word: "Disabled",
        reason: inUse === null ? "How many addresses are in use is unknown" : "No address in use",
      };
    case "Draining":
      return {
        shape: "half",
        tone: "muted",
        word: "Disabled",
        reason: inUse === null ? "Draining" : `Draining, ${addresses(inUse)} in use`,
      };
    case "CIDROverlap":
      return {
        shape: "squares",
        tone: "warn",
        word: "Overlap",
        reason: brief(message) || "Another pool had the range first",
      };
    case "Terminating":
      return { shape: "cross", tone: "crit", word: "Terminating", reason: holding(pool) };
    case "NoEligibleNode":
      return {
        shape: "barred",
        tone: "warn",
        word: "No eligible node",
        reason: brief(message) || "Its selector matches no node",
      };
  }
}

/** The first sentence, for a line of a table; the pool's own page has all of them. */
function brief(message: string): string {
  return message.split(/\.(?:\s|$)/)[0] ?? "";
}

function allocatable(pool: Pool): State {
  const use = poolLevel(pool);
  if (pool.blocks.left === "0") {
    return { shape: "triangle", tone: "crit", word: "Allocatable", reason: "No block left to claim" };
  }
  if (use !== null && use.level !== "ok" && pool.usage.inUse !== null && pool.usage.capacity !== null) {
    const share = formatPercent(pool.usage.inUse, pool.usage.capacity);
    return { shape: "triangle", tone: use.level, word: "Allocatable", reason: `${share} in use` };
  }
  if (pool.unknown?.some(({ field }) => field === "state"))
    return { shape: "ring", tone: "muted", word: "Allocatable", reason: "Which nodes it serves is unknown" };
  const reason = limits(pool);
  return { shape: "dot", tone: "ok", word: "Allocatable", ...(reason === null ? {} : { reason }) };
}

/** Whom an allocatable pool serves, when not everybody. */
function limits(pool: Pool): string | null {
  if (pool.allowedUses.length === 1 && pool.allowedUses[0] === "LoadBalancer")
    return "LoadBalancer Services only";
  if (pool.allowedUses.length === 1 && pool.allowedUses[0] === "Tunnel") return "Tunnel addresses only";
  if (pool.assignmentMode === "Manual") return "Only where it is named";
  return null;
}

function holding({ usage, blocks }: Pool): string {
  if (usage.inUse === null || blocks.claimed === null) return "Being deleted";
  if (usage.inUse === "0") return "Being deleted, no address in use";
  const many = blocks.claimed === "1" ? "1 block" : `${countText(blocks.claimed)} blocks`;
  return `${addresses(usage.inUse)} in ${many} ${usage.inUse === "1" ? "holds" : "hold"} it`;
}

/** “1 address”, “212 addresses”. */
export function addresses(count: string | number | bigint): string {
  return String(count) === "1" ? "1 address" : `${countText(count)} addresses`;
}

/** “1 pod”, “9 pods”; any noun whose plural takes an s. */
export function plural(count: number | bigint, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 || count === 1n ? "" : "s"}`;
}

/** Who else writes the pool and what that means, in a clause; null when nobody is known. */
export function managedWords({ managedBy }: Pick<Pool, "managedBy">): string | null {
  const { kind, name } = managedBy;
  switch (kind) {
    case "operator":
      return "managed by the Tigera operator, which reverts direct edits within seconds";
    case "argocd":
    case "flux":
    case "helm": {
      const who = `${managerNames[kind]}${name === null ? "" : ` (${name})`}`;
      return `managed by ${who}, which may put it back`;
    }
    case "manager":
      return name === null ? null : `last written by ${name}`;
    case "none":
      return null;
  }
}
