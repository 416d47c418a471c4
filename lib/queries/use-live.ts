import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Permission } from "../contract/common.ts";
import type { Action } from "../contract/session.ts";
import { clusterQueries } from "./cluster.ts";
import { type Freshness, freshness, writeObstacle } from "./freshness.ts";

const onServer: Freshness = freshness.get();

/** How current the screen is. */
export function useFreshness(): Freshness {
  return useSyncExternalStore(freshness.subscribe, freshness.get, () => onServer);
}

/** Whether the caller may do something; until the session is read, no. */
export interface May {
  readonly allowed: boolean;
  /** The session is not read yet. */
  readonly pending: boolean;
  readonly readOnly: boolean;
  /** What is missing. */
  readonly permission: Permission | null;
}

export function useMay(action: Action): May {
  const { data: session } = useQuery(clusterQueries.session());
  const answer = session?.can[action];
  return {
    allowed: answer?.allowed ?? false,
    pending: session === undefined,
    readOnly: session?.readOnly ?? false,
    permission: answer?.permission ?? null,
  };
}

/** Why nothing may be written now, as a sentence; null when it may. */
export function useWriteObstacle(): string | null {
  const now = useSyncExternalStore(subscribeSeconds, seconds, () => 0) * 1000;
  return writeObstacle(useFreshness(), now);
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function subscribeSeconds(listener: () => void): () => void {
  const timer = setInterval(listener, 1000);
  return () => clearInterval(timer);
}
