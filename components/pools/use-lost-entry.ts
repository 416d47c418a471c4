"use client";
import { useQuery } from "@tanstack/react-query";
import type { Pool, PoolChange } from "@/lib/contract/pools.ts";
import { activityQueries } from "@/lib/queries/activity.ts";
import { lostEntry } from "./lost-entry.ts";
import type { Lost } from "./outcome-unknown.ts";

/** The log's entry of a write whose answer was lost and that has happened; null: there is none, or none yet. */
export function useLostEntry(base: Pool, change: PoolChange, lost: Lost, happened: boolean): string | null {
  const newest = activityQueries.newest({ kind: "IPPool", object: base.name, result: "done" }, 20);
  const { data } = useQuery({ ...newest, enabled: happened, staleTime: 0 });
  return lostEntry(data?.items ?? [], base, change, lost.problem.requestId);
}
