import { queryOptions } from "@tanstack/react-query";
import { BlockDetail, BlockList } from "../contract/blocks.ts";
import { getJson } from "./http.ts";
import { type Filter, windowed } from "./lists.ts";

export const blockQueries = {
  all: () => ["blocks"] as const,
  /** `filter`: pool, outside, node, affinity, q, sort. */
  list: (filter: Filter) => windowed("blocks", "/api/v1/blocks", BlockList, filter),
  /** One block with its addresses. */
  detail: (name: string) =>
    queryOptions({
      queryKey: ["blocks", "detail", name] as const,
      queryFn: ({ signal }) => getJson(`/api/v1/blocks/${encodeURIComponent(name)}`, BlockDetail, signal),
    }),
};
