import { queryOptions } from "@tanstack/react-query";
import { getJson } from "./http.ts";
import { type Filter, windowed } from "./lists.ts";
import { shape } from "./schemas.ts";

export const blockQueries = {
  all: () => ["blocks"] as const,
  /** `filter`: pool, outside, node, affinity, q, sort. */
  list: (filter: Filter) => windowed("blocks", "/api/v1/blocks", shape("BlockList"), filter),
  /** One block with its addresses. */
  detail: (name: string) =>
    queryOptions({
      queryKey: ["blocks", "detail", name] as const,
      queryFn: ({ signal }) => getJson(`/api/v1/blocks/${encodeURIComponent(name)}`, shape("BlockDetail"), signal),
    }),
};
