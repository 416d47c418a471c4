"use client";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Namespace, type NamespacePatch } from "@/lib/contract/namespaces.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { requestIdOf } from "@/lib/queries/http.ts";
import { namespaceQueries, updateNamespace } from "@/lib/queries/namespaces.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { type Lost, mayHaveHappened } from "../pools/outcome-unknown.ts";
import { type Choice, choiceOf, patchOf } from "./pool-choice.ts";

export interface Assignment {
  /** The namespace as the person saw it: the change is made to exactly this version. */
  readonly base: Namespace;
  readonly choice: Choice;
  readonly choose: (choice: Choice) => void;
  readonly patch: NamespacePatch;
  readonly changed: boolean;
  readonly dryRun: "none" | "running" | "accepted" | "refused";
  /** What was accepted and will still not work. */
  readonly warnings: readonly string[];
  readonly sending: boolean;
  /** Why it was refused; a conflict comes as `conflict`, a write without an answer as `lost`. */
  readonly problem: Problem | null;
  /** Somebody was faster: the namespace as it is now. */
  readonly conflict: Namespace | null;
  readonly lost: Lost | null;
  readonly send: () => void;
  /** Does not wait for the answer any longer: whether the write happened is then not known. */
  readonly stopWaiting: () => void;
  /** Takes the namespace as it is now for what was seen. What was chosen stays, and is tried anew. */
  readonly startOver: (now: Namespace) => void;
}

/** The pools of one namespace: chosen, tried in a dry run, written once to the version that was seen. */
export function useAssignment(
  seen: Namespace,
  { enabled, onDone }: { enabled: boolean; onDone: (activity: string | null) => void },
): Assignment {
  const client = useQueryClient();
  const [base, setBase] = useState(seen);
  const [choice, setChoice] = useState<Choice>(() => choiceOf(seen));
  const [lost, setLost] = useState<Lost | null>(null);
  const patch = patchOf(base, choice);
  const changed = patch.ipv4pools !== undefined || patch.ipv6pools !== undefined;
  const text = JSON.stringify(patch);
  const [settled] = useDebouncedValue(text, 250);
  const asked = changed && enabled && lost === null && settled === text;
  const trial = useQuery({
    queryKey: ["dry-run", "namespace", base.name, text],
    queryFn: ({ signal }) => updateNamespace(base.name, patch, true, signal),
    enabled: asked,
    retry: false,
    staleTime: 0,
    gcTime: 0,
    refetchInterval: false,
  });
  const waiting = useRef<AbortController>(null);
  const save = useMutation({
    mutationFn: (_sentAt: number) => {
      waiting.current = new AbortController();
      return updateNamespace(base.name, patch, false, waiting.current.signal);
    },
    onSuccess: (written) => onDone(requestIdOf(written)),
    onError: (error, at) => {
      const { problem } = toProblemError(error);
      if (mayHaveHappened(problem)) setLost({ at, problem });
    },
    onSettled: () => client.invalidateQueries({ queryKey: namespaceQueries.all() }),
  });
  const failure = save.error ?? (asked ? trial.error : null);
  const problem = failure === null ? null : toProblemError(failure).problem;
  const conflict = problem === null ? null : theirNamespace(problem);
  return {
    base,
    choice,
    choose: (next) => {
      save.reset();
      setChoice(next);
    },
    patch,
    changed,
    dryRun: !changed
      ? "none"
      : !asked
        ? "running"
        : trial.isSuccess
          ? "accepted"
          : trial.isError
            ? "refused"
            : "running",
    warnings: asked ? (trial.data?.warnings ?? []) : [],
    sending: save.isPending,
    problem: conflict === null && lost === null ? problem : null,
    conflict,
    lost,
    send: () => save.mutate(Date.now()),
    stopWaiting: () => waiting.current?.abort(),
    startOver: (now) => {
      setBase(now);
      setChoice(onTop(patch, now));
      setLost(null);
      save.reset();
    },
  };
}

/** What was chosen, with theirs where nothing was. */
function onTop({ ipv4pools, ipv6pools }: NamespacePatch, now: Namespace): Choice {
  const theirs = choiceOf(now);
  return {
    ipv4: ipv4pools === undefined ? theirs.ipv4 : (ipv4pools ?? []),
    ipv6: ipv6pools === undefined ? theirs.ipv6 : (ipv6pools ?? []),
  };
}

function theirNamespace(problem: Problem): Namespace | null {
  const theirs = problem.code === "conflict" ? Namespace.safeParse(problem.current) : null;
  return theirs?.success ? theirs.data : null;
}
