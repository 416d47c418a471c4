"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Pool, PoolChange, PoolPatch } from "@/lib/contract/pools.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { putPool } from "@/lib/queries/apply-change.ts";
import { requestIdOf } from "@/lib/queries/http.ts";
import { poolQueries, updatePool } from "@/lib/queries/pools.ts";
import { shape, shaped } from "@/lib/queries/schemas.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { type Lost, mayHaveHappened } from "./outcome-unknown.ts";

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
  /** Why the write failed; a conflict comes as `conflict` instead, and a write without an answer as `lost`. */
  readonly problem: Problem | null;
  /** Somebody was faster: the pool as it is now. */
  readonly conflict: Pool | null;
  /** With a conflict: the change was written all the same, and somebody changed it back at once. */
  readonly changedBack: boolean;
  /** Whether the write happened is not known. */
  readonly lost: Lost | null;
  readonly send: () => void;
  /** Does not wait for the answer any longer: whether the write happened is then not known. */
  readonly stopWaiting: () => void;
  /** With a conflict: takes their pool for what the person saw. The change stays, and is tried and asked for anew. */
  readonly rebase: () => void;
  /** The same with the pool that was read back after a write without an answer. */
  readonly startOver: (now: Pool) => void;
  /** A write without an answer has happened: goes on as after any other. `activity`: the log's entry of it; null: not known. */
  readonly goOn: (now: Pool, activity: string | null) => void;
}

interface Options {
  readonly enabled?: boolean;
  /** Whose pool it is, when it is written although it is somebody else's. */
  readonly overrideOwner?: PoolPatch["overrideOwner"];
  /** The write was sent before, without an answer. */
  readonly lost?: Lost | undefined;
  /** `activity`: the log's entry of the write; null: not known. */
  readonly onDone: (pool: Pool, activity: string | null) => void;
}

/** One change to one pool: dry run first, then the write, and what to do when somebody was faster. Sent once per call. */
export function usePoolWrite(
  seen: Pool,
  change: PoolChange,
  { enabled = true, overrideOwner, lost: lostBefore, onDone }: Options,
): PoolWrite {
  const client = useQueryClient();
  const [base, setBase] = useState(seen);
  const [lost, setLost] = useState(lostBefore ?? null);
  const body: PoolPatch = {
    uid: base.uid,
    resourceVersion: base.resourceVersion,
    ...change,
    ...(overrideOwner === undefined ? {} : { overrideOwner }),
  };
  const trial = useQuery({
    queryKey: ["dry-run", base.name, body],
    queryFn: ({ signal }) => updatePool(base.name, body, { dryRun: true, signal }),
    enabled: enabled && lost === null,
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchInterval: false,
  });
  const waiting = useRef<AbortController>(null);
  const write = useMutation({
    mutationFn: (_sentAt: number) => {
      waiting.current = new AbortController();
      return updatePool(base.name, body, { signal: waiting.current.signal });
    },
    onSuccess: (pool) => {
      putPool(client, pool);
      onDone(pool, requestIdOf(pool));
    },
    onError: (error, sentAt) => {
      const { problem } = toProblemError(error);
      if (mayHaveHappened(problem)) setLost({ at: sentAt, problem });
      void client.invalidateQueries({ queryKey: poolQueries.detail(base.name).queryKey });
    },
  });
  const failure = write.error ?? trial.error;
  const problem = failure === null ? null : toProblemError(failure).problem;
  const conflict = problem === null ? null : theirPool(problem);
  const startOver = (now: Pool) => {
    putPool(client, now);
    setBase(now);
    setLost(null);
    write.reset();
  };
  return {
    base,
    dryRun: dryRunOf(trial.error, trial.dataUpdatedAt),
    sending: write.isPending,
    problem: conflict !== null || lost !== null || write.error === null ? null : problem,
    conflict,
    changedBack: problem?.written ?? false,
    lost,
    send: () => write.mutate(Date.now()),
    stopWaiting: () => waiting.current?.abort(),
    rebase: () => {
      if (conflict !== null) startOver(conflict);
    },
    startOver,
    goOn: (now, activity) => {
      putPool(client, now);
      onDone(now, activity);
    },
  };
}

function theirPool(problem: Problem): Pool | null {
  return problem.code === "conflict" ? shaped(problem.current, shape("Pool")) : null;
}

function dryRunOf(error: Error | null, at: number): DryRun {
  if (error !== null) return { status: "refused", problem: toProblemError(error).problem };
  return at > 0 ? { status: "accepted", at } : { status: "running" };
}
