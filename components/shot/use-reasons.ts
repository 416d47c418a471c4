"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useSyncExternalStore } from "react";
import { reasonsOf, unknownsIn } from "./unknowns.ts";

const none: readonly string[] = [];

/** Why something on this page is unknown, each reason once, from the answers that the page shows. */
export function useReasons(): readonly string[] {
  const cache = useQueryClient().getQueryCache();
  const last = useRef(none);
  const subscribe = useCallback((listener: () => void) => cache.subscribe(listener), [cache]);
  const read = () => {
    const shown = cache.findAll({ type: "active" });
    const reasons = reasonsOf(shown.flatMap(({ state }) => unknownsIn(state.data)));
    if (reasons.join("\n") !== last.current.join("\n")) last.current = reasons;
    return last.current;
  };
  return useSyncExternalStore(subscribe, read, () => none);
}
