"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import type { Unknown } from "@/lib/contract/common.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { completenessWords, unknownsIn } from "./unknowns.ts";

/** Whether everything could be read that the answers on this page are made from, in words. */
export function useCompleteness(): string {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((listener: () => void) => cache.subscribe(listener), [cache]);
  const read = () => {
    const shown = cache.findAll({ type: "active" });
    return completenessWords(
      shown.flatMap(({ state }) => [...unknownsIn(state.data), ...refusal(state.error)]),
    );
  };
  return useSyncExternalStore(subscribe, read, () => "");
}

/** An answer that a missing permission has cost us. */
function refusal(error: Error | null): readonly Unknown[] {
  if (error === null) return [];
  const { detail, permission } = toProblemError(error).problem;
  return permission ? [{ field: "items", reason: detail, permission }] : [];
}
