import { queryOptions } from "@tanstack/react-query";
import type * as z from "zod/mini";
import type { impactActions } from "../contract/impact.ts";
import type {
  Pool,
  PoolChange,
  PoolCreateResults,
  PoolDelete,
  PoolDeleteResult,
  PoolDocument as PoolDocumentSchema,
  PoolPatch,
} from "../contract/pools.ts";
import { getJson, getText, query, sendJson } from "./http.ts";
import { wholeList } from "./lists.ts";
import { shape } from "./schemas.ts";

type PoolDocument = z.infer<typeof PoolDocumentSchema>;

const at = (name: string, rest = "") => `/api/v1/pools/${encodeURIComponent(name)}${rest}`;

export const poolQueries = {
  all: () => ["pools"] as const,
  /** Every pool; filtering is the browser's work. */
  list: () =>
    queryOptions({
      queryKey: ["pools", "list"] as const,
      queryFn: ({ signal }) => wholeList("/api/v1/pools", shape("PoolList"), {}, signal),
    }),
  detail: (name: string) =>
    queryOptions({
      queryKey: ["pools", "detail", name] as const,
      queryFn: ({ signal }) => getJson(at(name), shape("Pool"), signal),
    }),
  yaml: (name: string) =>
    queryOptions({
      queryKey: ["pools", "yaml", name] as const,
      queryFn: ({ signal }) => getText(at(name, "/yaml"), signal),
    }),
  events: (name: string) =>
    queryOptions({
      queryKey: ["pools", "events", name] as const,
      queryFn: ({ signal }) => getJson(at(name, "/events"), shape("KubernetesEventList"), signal),
    }),
  holds: (name: string) =>
    queryOptions({
      queryKey: ["pools", "holds", name] as const,
      queryFn: ({ signal }) => getJson(at(name, "/holds"), shape("PoolHolds"), signal),
    }),
  /**
   * `change`: the fields concerned, with `update` and only then. `version`: of the pool that somebody looks at; facts about another
   * one are not shown as if they were of this one.
   */
  impact: (name: string, action: (typeof impactActions)[number], change?: PoolChange, version = "") => {
    const spec = change === undefined ? "" : JSON.stringify(change);
    return queryOptions({
      queryKey: ["pools", "impact", name, action, spec, version] as const,
      queryFn: ({ signal }) =>
        getJson(at(name, `/impact${query({ action, spec })}`), shape("Impact"), signal),
    });
  },
};

interface SendOptions {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** Changes a pool; answers with it as read back. `dryRun`: everything is checked, nothing is stored. */
export function updatePool(
  name: string,
  patch: PoolPatch,
  { dryRun = false, signal }: SendOptions = {},
): Promise<Pool> {
  return sendJson("PATCH", at(name, dryRun ? "?dryRun=true" : ""), patch, shape("Pool"), signal);
}

/** Creates the pools of a manifest, document by document. */
export function createPools(
  manifest: string,
  { dryRun = false, onError = "stop" }: { dryRun?: boolean; onError?: "stop" | "continue" } = {},
): Promise<PoolCreateResults> {
  return sendJson(
    "POST",
    `/api/v1/pools${dryRun ? "?dryRun=true" : ""}`,
    { manifest, onError },
    shape("PoolCreateResults"),
  );
}

/** Creates one pool from its document; the answer holds one result. */
export function createPool(document: PoolDocument, dryRun = false): Promise<PoolCreateResults> {
  return sendJson(
    "POST",
    `/api/v1/pools${dryRun ? "?dryRun=true" : ""}`,
    document,
    shape("PoolCreateResults"),
  );
}

/** Deletes a pool in Calico's order; with `dryRun` tells which steps it would take. */
export function deletePool(name: string, body: PoolDelete, dryRun = false): Promise<PoolDeleteResult> {
  return sendJson("DELETE", at(name, dryRun ? "?dryRun=true" : ""), body, shape("PoolDeleteResult"));
}
