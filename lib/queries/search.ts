import { queryOptions } from "@tanstack/react-query";
import { getJson, query } from "./http.ts";
import { shape } from "./schemas.ts";

export const searchQueries = {
  /** Hits for a text, or an address or a part of one. */
  search: (text: string) =>
    queryOptions({
      queryKey: ["search", text] as const,
      queryFn: ({ signal }) => getJson(`/api/v1/search${query({ q: text })}`, shape("SearchResult"), signal),
    }),
};
