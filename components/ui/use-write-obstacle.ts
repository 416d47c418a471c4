"use client";
import { useSyncExternalStore } from "react";
import { freshness, writeObstacle } from "@/lib/queries/freshness.ts";
import { useNow } from "./clock.ts";

/** Why nothing may be written now, in a sentence, or null. */
export function useWriteObstacle(): string | null {
  const state = useSyncExternalStore(freshness.subscribe, freshness.get, freshness.get);
  return writeObstacle(state, useNow(1));
}
