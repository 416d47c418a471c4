import { queryOptions } from "@tanstack/react-query";
import { NamespaceList, type NamespacePatch, NamespaceWritten } from "../contract/namespaces.ts";
import { getJson, query, sendJson } from "./http.ts";
import { type Filter, windowed } from "./lists.ts";

export const namespaceQueries = {
  all: () => ["namespaces"] as const,
  /** `filter`: pool, problem, q, sort. */
  list: (filter: Filter) => windowed("namespaces", "/api/v1/namespaces", NamespaceList, filter),
  /** Those that hold the most addresses of the pool, or of all pools, with the sums over all of them. */
  top: (pool: string | null, limit: number) =>
    queryOptions({
      queryKey: ["namespaces", "top", pool, limit] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/namespaces${query({ pool, sort: "-inUse", limit })}`, NamespaceList, signal),
    }),
};

/** Writes the pools annotations of a namespace; answers with it as read back. */
export function updateNamespace(
  name: string,
  patch: NamespacePatch,
  dryRun = false,
): Promise<NamespaceWritten> {
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}${dryRun ? "?dryRun=true" : ""}`;
  return sendJson("PATCH", path, patch, NamespaceWritten);
}
