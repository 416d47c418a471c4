import { queryOptions } from "@tanstack/react-query";
import type { PoolChange } from "../contract/pools.ts";
import { getJson, query } from "./http.ts";
import { shape } from "./schemas.ts";

/** What is to be done to a pool. */
export type Asked =
  | { readonly action: "disable" | "enable" | "delete" }
  | { readonly action: "update"; readonly change: PoolChange };

export const ownershipQueries = {
  /** Whose pool it is and where the change is made to last; asks the API server for a dry run each time. */
  of: (name: string, asked: Asked) =>
    queryOptions({
      queryKey: ["ownership", name, asked] as const,
      queryFn: ({ signal }) => {
        const spec = asked.action === "update" ? JSON.stringify(asked.change) : undefined;
        const path = `/api/v1/pools/${encodeURIComponent(name)}/ownership`;
        return getJson(`${path}${query({ action: asked.action, spec })}`, shape("Ownership"), signal);
      },
      staleTime: 0,
      gcTime: 0,
    }),
};
