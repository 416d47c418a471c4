"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Pool, type PoolChange, type PoolPatch } from "@/lib/contract/pools.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { putPool } from "@/lib/queries/apply-change.ts";
import { poolQueries, updatePool } from "@/lib/queries/pools.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";

/** What the API server says to the change without storing it. */
export type DryRun =
  | { readonly status: "running" }
  | { readonly status: "accepted"; readonly at: number }
  | { readonly status: "refused"; readonly problem: Problem };

export interface PoolWrite {
  /** The pool as the person saw it: the change is made to exactly this version. */
  readonly base: Pool;
  readonly dryRun: DryRun;
  readonly sending: boolean;
  /** Why the write failed; a conflict comes as `conflict` instead. */
  readonly problem: Problem | null;
  /** Somebody was faster: the pool as it is now. */
  readonly conflict: Pool | null;
  readonly send: () => void;
  /** Takes the pool as it is now for what the person saw; the change stays. */
  readonly rebase: () => void;
}

/** One change to one pool: dry run first, then the write, and what to do when somebody was faster. Sent once per call. */
export function usePoolWrite(
  seen: Pool,
  change: PoolChange,
  { enabled = true, onDone }: { enabled?: boolean; onDone: (pool: Pool) => void },
): PoolWrite {
  const client = useQueryClient();
  const [base, setBase] = useState(seen);
  const body: PoolPatch = { uid: base.uid, resourceVersion: base.resourceVersion, ...change };
  const trial = useQuery({
    queryKey: ["dry-run", base.name, body],
    queryFn: () => updatePool(base.name, body, true),
    enabled,
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchInterval: false,
  });
  const write = useMutation({
    mutationFn: () => updatePool(base.name, body),
    onSuccess: (pool) => {
      putPool(client, pool);
      onDone(pool);
    },
    onError: () => void client.invalidateQueries({ queryKey: poolQueries.detail(base.name).queryKey }),
  });
  const failure = write.error ?? trial.error;
  const conflict = failure === null ? null : theirPool(toProblemError(failure).problem);
  return {
    base,
    dryRun: dryRunOf(trial.error, trial.dataUpdatedAt),
    sending: write.isPending,
    problem: conflict !== null || write.error === null ? null : toProblemError(write.error).problem,
    conflict,
    send: () => write.mutate(),
    rebase: () => {
      if (conflict === null) return;
      putPool(client, conflict);
      setBase(conflict);
      write.reset();
    },
  };
}

function theirPool(problem: Problem): Pool | null {
  const theirs = problem.code === "conflict" ? Pool.safeParse(problem.current) : null;
  return theirs?.success ? theirs.data : null;
}

function dryRunOf(error: Error | null, at: number): DryRun {
  if (error !== null) return { status: "refused", problem: toProblemError(error).problem };
  return at > 0 ? { status: "accepted", at } : { status: "running" };
}
