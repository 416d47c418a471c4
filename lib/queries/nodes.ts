import { queryOptions } from "@tanstack/react-query";
import { NodeList } from "../contract/nodes.ts";
import { getJson, query } from "./http.ts";
import { type Filter, windowed } from "./lists.ts";

export const nodeQueries = {
  all: () => ["nodes"] as const,
  /** `filter`: pool, q, sort. */
  list: (filter: Filter) => windowed("nodes", "/api/v1/nodes", NodeList, filter),
  /** As many as one request brings, for what most of them have in common. */
  sample: () =>
    queryOptions({
      queryKey: ["nodes", "sample"] as const,
      queryFn: ({ signal }) => getJson(`/api/v1/nodes${query({ limit: 500 })}`, NodeList, signal),
    }),
  /** The one that uses the most addresses of those a selector matches, and how many it matches. */
  busiest: (selector: string) =>
    queryOptions({
      queryKey: ["nodes", "busiest", selector] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/nodes${query({ selector, sort: "-used", limit: 1 })}`, NodeList, signal),
    }),
  /** Those that use the most addresses of the pool. */
  top: (pool: string, limit: number) =>
    queryOptions({
      queryKey: ["nodes", "top", pool, limit] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/nodes${query({ pool, sort: "-inUse", limit })}`, NodeList, signal),
    }),
};
