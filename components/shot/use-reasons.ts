"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useSyncExternalStore } from "react";
import type { Unknown } from "@/lib/contract/common.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { reasonsOf, unknownsIn } from "./unknowns.ts";

const none: readonly string[] = [];

/** Why something on this page is unknown, each reason once, from the answers that the page shows. */
export function useReasons(): readonly string[] {
  const cache = useQueryClient().getQueryCache();
  const last = useRef(none);
  const subscribe = useCallback((listener: () => void) => cache.subscribe(listener), [cache]);
  const read = () => {
    const shown = cache.findAll({ type: "active" });
    const reasons = reasonsOf(
      shown.flatMap(({ state }) => [...unknownsIn(state.data), ...refusal(state.error)]),
    );
    if (reasons.join("\n") !== last.current.join("\n")) last.current = reasons;
    return last.current;
  };
  return useSyncExternalStore(subscribe, read, () => none);
}

/** An answer that a missing permission has cost us. */
function refusal(error: Error | null): readonly Unknown[] {
  if (error === null) return [];
  const { problem } = toProblemError(error);
  if (!problem.permission) return [];
  return [{ field: "items", reason: problem.detail.replace(/\.$/, ""), permission: problem.permission }];
}
