import { queryOptions } from "@tanstack/react-query";
import type { Namespace, NamespacePatch, NamespaceWritten } from "../contract/namespaces.ts";
import { getJson, query, sendJson } from "./http.ts";
import { localProblem } from "./problem-error.ts";
import { type Filter, wholeList, windowed } from "./lists.ts";
import { shape } from "./schemas.ts";

export const namespaceQueries = {
  all: () => ["namespaces"] as const,
  /** `filter`: pool, problem, q, sort. */
  list: (filter: Filter) => windowed("namespaces", "/api/v1/namespaces", shape("NamespaceList"), filter),
  /** The one of that name; null: there is none. Throws ProblemError where namespaces cannot be read. */
  one: (name: string) =>
    queryOptions({
      queryKey: ["namespaces", "one", name] as const,
      queryFn: ({ signal }) => readNamespace(name, signal),
    }),
  /** Those that hold the most addresses of the pool, or of all pools, with the sums over all of them. */
  top: (pool: string | null, limit: number) =>
    queryOptions({
      queryKey: ["namespaces", "top", pool, limit] as const,
      queryFn: ({ signal }) =>
        getJson(
          `/api/v1/namespaces${query({ pool, sort: "-inUse", limit })}`,
          shape("NamespaceList"),
          signal,
        ),
    }),
};

/** The namespace as it is now; null: there is none. Throws ProblemError where namespaces cannot be read. */
export async function readNamespace(
  name: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Namespace | null> {
  const list = await wholeList("/api/v1/namespaces", shape("NamespaceList"), { q: name }, signal);
  if (list.items !== null) return list.items.find((each) => each.name === name) ?? null;
  throw localProblem("unreadable", "The namespaces cannot be read", list.unknown?.[0]?.reason ?? "");
}

/** Writes the pools annotations of a namespace; answers with it as read back. */
export function updateNamespace(
  name: string,
  patch: NamespacePatch,
  dryRun = false,
  signal?: AbortSignal,
): Promise<NamespaceWritten> {
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}${dryRun ? "?dryRun=true" : ""}`;
  return sendJson("PATCH", path, patch, shape("NamespaceWritten"), signal);
}
