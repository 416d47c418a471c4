import { queryOptions } from "@tanstack/react-query";
import { getJson } from "./http.ts";
import { type Filter, windowed } from "./lists.ts";
import { shape } from "./schemas.ts";

export const addressQueries = {
  all: () => ["addresses"] as const,
  /** `filter`: pool, block, namespace, node, kind, state, q, sort. */
  list: (filter: Filter) => windowed("addresses", "/api/v1/addresses", shape("AddressList"), filter),
  detail: (ip: string) =>
    queryOptions({
      queryKey: ["addresses", "detail", ip] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/addresses/${encodeURIComponent(ip)}`, shape("AddressDetail"), signal),
    }),
};
