"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Pool, PoolChange } from "@/lib/contract/pools.ts";
import { freshness } from "@/lib/queries/freshness.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { type Lost, type Outcome, outcomeOf, type ReadBack } from "./outcome-unknown.ts";

/** How often the pool is read until it tells. */
const EVERY_MS = 1000;

/** Reads the pool until it tells what became of a write without an answer. Nothing is sent again. */
export function useReadBack(
  base: Pool,
  change: PoolChange,
  lost: Lost,
): { readonly outcome: Outcome; readonly pool: Pool | null } {
  const client = useQueryClient();
  const judge = (answer: ReadBack) => outcomeOf(base, change, lost.at, answer);
  const { data = { pool: undefined, currentAt: null } } = useQuery<ReadBack>({
    queryKey: ["pool-read-back", base.name, lost.at],
    queryFn: async () => ({
      pool: await client
        .fetchQuery({ ...poolQueries.detail(base.name), staleTime: 0, retry: false })
        .catch((error: unknown) => {
          if (toProblemError(error).problem.status === 404) return null;
          throw error;
        }),
      currentAt: currentAt(),
    }),
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchInterval: ({ state }) => {
      const outcome = state.data === undefined ? "asking" : judge(state.data);
      return outcome === "asking" || outcome === "notYet" ? EVERY_MS : false;
    },
  });
  return { outcome: judge(data), pool: data.pool ?? null };
}

/** An answer that has just come is true now, unless the server has lost the cluster or we the server. */
function currentAt(): number | null {
  const { connection, serverStale, unread, currentAt: lastKnown } = freshness.get();
  return connection === "open" && !serverStale && unread === false ? Date.now() : lastKnown;
}
