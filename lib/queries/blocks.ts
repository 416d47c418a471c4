import { queryOptions } from "@tanstack/react-query";
import { getJson, query } from "./http.ts";
import { type Filter, windowed } from "./lists.ts";
import { shape } from "./schemas.ts";

export const blockQueries = {
  all: () => ["blocks"] as const,
  /** `filter`: pool, outside, node, affinity, q, sort. */
  list: (filter: Filter) => windowed("blocks", "/api/v1/blocks", shape("BlockList"), filter),
  /** Where a block is in that list; null: it is not in it. */
  place: (name: string, filter: Filter) =>
    queryOptions({
      queryKey: ["blocks", "place", name, filter] as const,
      queryFn: async ({ signal }) => {
        const path = `/api/v1/blocks${query({ ...filter, from: name, limit: 1 })}`;
        return (await getJson(path, shape("BlockList"), signal)).offset ?? null;
      },
      gcTime: 0,
    }),
  /** One block with its addresses. */
  detail: (name: string) =>
    queryOptions({
      queryKey: ["blocks", "detail", name] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/blocks/${encodeURIComponent(name)}`, shape("BlockDetail"), signal),
    }),
};
