import { queryOptions } from "@tanstack/react-query";
import { getJson } from "./http.ts";
import { shape } from "./schemas.ts";

/** Totals only, for the navigation; null when they cannot be known. Keys begin with the noun, so that `touched` finds them. */
export const countQueries = {
  namespaces: () =>
    queryOptions({
      queryKey: ["namespaces", "total"] as const,
      queryFn: async ({ signal }) =>
        (await getJson("/api/v1/namespaces?limit=1", shape("NamespaceList"), signal)).total,
    }),
  pods: () =>
    queryOptions({
      queryKey: ["pods", "total"] as const,
      queryFn: async ({ signal }) => (await getJson("/api/v1/pods?limit=1", shape("PodList"), signal)).total,
    }),
  nodes: () =>
    queryOptions({
      queryKey: ["nodes", "total"] as const,
      queryFn: async ({ signal }) =>
        (await getJson("/api/v1/nodes?limit=1", shape("NodeList"), signal)).total,
    }),
};
