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

/** What the server is reading for the first time and how far that is; null: nothing, or it has not said. Renders only when that changes. */
export function useReading(): string | null {
  return useSyncExternalStore(
    freshness.subscribe,
    () => freshness.get().reading,
    () => null,
  );
}

/** Whether the caller may do something; until the session is read, no. */
export interface May {
  readonly allowed: boolean;
  /** The session is not read yet, or the cluster could not say. */
  readonly pending: boolean;
  readonly readOnly: boolean;
  /** What is missing. */
  readonly permission: Permission | null;
}

export function useMay(action: Action): May {
  const { data: session } = useQuery(clusterQueries.session());
  const answer = session?.can[action];
  const unknown = session?.unknown?.some(({ field }) => field === `can.${action}`) ?? false;
  return {
    allowed: answer?.allowed ?? false,
    pending: session === undefined || unknown,
    readOnly: session?.readOnly ?? false,
    permission: answer?.permission ?? null,
  };
}

/** Why nothing may be written now, as a sentence; null when it may. Renders only when that changes. */
export function useWriteObstacle(): string | null {
  return useSyncExternalStore(
    subscribeObstacle,
    () => writeObstacle(freshness.get(), Date.now()),
    () => null,
  );
}

const obstacleListeners = new Set<() => void>();
let obstacleTimer: ReturnType<typeof setInterval> | undefined;

// Data grows old without anybody saying so; one timer serves every switch of the page.
function subscribeObstacle(listener: () => void): () => void {
  obstacleListeners.add(listener);
  const leave = freshness.subscribe(listener);
  obstacleTimer ??= setInterval(() => {
    for (const each of obstacleListeners) each();
  }, 1000);
  return () => {
    leave();
    obstacleListeners.delete(listener);
    if (obstacleListeners.size > 0) return;
    clearInterval(obstacleTimer);
    obstacleTimer = undefined;
  };
}
