import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Permission } from "../contract/common.ts";
import type { Action } from "../contract/session.ts";
import { clusterQueries } from "./cluster.ts";
import { type Freshness, freshness } from "./freshness.ts";

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
