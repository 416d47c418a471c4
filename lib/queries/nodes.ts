import { queryOptions } from "@tanstack/react-query";
import { getJson, query } from "./http.ts";
import { type Filter, windowed } from "./lists.ts";
import { shape } from "./schemas.ts";

export const nodeQueries = {
  all: () => ["nodes"] as const,
  /** `filter`: pool, q, sort. */
  list: (filter: Filter) => windowed("nodes", "/api/v1/nodes", shape("NodeList"), filter),
  /** As many as one request brings, for what most of them have in common. */
  sample: () =>
    queryOptions({
      queryKey: ["nodes", "sample"] as const,
      queryFn: ({ signal }) => getJson(`/api/v1/nodes${query({ limit: 500 })}`, shape("NodeList"), signal),
    }),
  /** The one that uses the most addresses of those a selector matches, and how many it matches. */
  busiest: (selector: string) =>
    queryOptions({
      queryKey: ["nodes", "busiest", selector] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/nodes${query({ selector, sort: "-used", limit: 1 })}`, shape("NodeList"), signal),
    }),
  /** Those that use the most addresses of the pool. */
  top: (pool: string, limit: number) =>
    queryOptions({
      queryKey: ["nodes", "top", pool, limit] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/nodes${query({ pool, sort: "-inUse", limit })}`, shape("NodeList"), signal),
    }),
};
