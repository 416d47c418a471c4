import { queryOptions } from "@tanstack/react-query";
import { getJson, query } from "./http.ts";
import { shape } from "./schemas.ts";

export interface Asked {
  readonly namespace: string;
  readonly node: string;
  /** The pod's own annotations, raw; empty: it has none. */
  readonly ipv4pools: string;
  readonly ipv6pools: string;
}

export const chooseQueries = {
  /** What the next pod gets; `family` null: the first that it asks for. */
  choice: (asked: Asked, family: 4 | 6 | null = null) =>
    queryOptions({
      queryKey: ["choose", asked, family] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/choose${query({ ...asked, family })}`, shape("Choice"), signal),
    }),
};
