import type { Pool } from "@/lib/contract/pools.ts";
import { defaultThresholds } from "@/lib/format/level.ts";
import { poolLevel } from "./pool-words.ts";

/** The ways to look at the pools; the first is all of them. The server has one pair of thresholds for all pools. */
export function segmentsOf(pools: readonly Pool[]) {
  const { warn } = pools[0]?.thresholds ?? defaultThresholds;
  return [
    { value: "", label: "All" },
    { value: "allocatable", label: "Allocatable" },
    { value: "not", label: "Not allocatable" },
    { value: "high", label: `Over ${warn} %` },
  ];
}

/** Whether a pool is in a segment, or may be: its use can be unknown. A segment that we do not know holds all. */
export function matchesSegment(pool: Pool, segment: string): boolean {
  if (segment === "allocatable") return pool.state.allocatable;
  if (segment === "not") return !pool.state.allocatable;
  if (segment === "high") return poolLevel(pool)?.level !== "ok";
  return true;
}

/** How many pools are in a segment; null where nobody can say. */
export function countIn(pools: readonly Pool[], segment: string): number | null {
  if (segment === "high" && pools.some((pool) => poolLevel(pool) === null)) return null;
  return pools.filter((pool) => matchesSegment(pool, segment)).length;
}

/** Whether every word of `text` is in the name, CIDR, a selector or a label of the pool. */
export function matchesText(pool: Pool, text: string): boolean {
  const labels = Object.entries(pool.labels).map(([key, value]) => `${key}=${value}`);
  const hay = [pool.name, pool.cidr, pool.nodeSelector, pool.namespaceSelector ?? "", ...labels]
    .join("\n")
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
