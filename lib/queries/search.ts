import { queryOptions } from "@tanstack/react-query";
import { SearchResult } from "../contract/search.ts";
import { getJson, query } from "./http.ts";

export const searchQueries = {
  /** Hits for a text, or an address or a part of one. */
  search: (text: string) =>
    queryOptions({
      queryKey: ["search", text] as const,
      queryFn: ({ signal }) => getJson(`/api/v1/search${query({ q: text })}`, SearchResult, signal),
    }),
};
