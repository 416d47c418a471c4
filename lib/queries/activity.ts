import { queryOptions } from "@tanstack/react-query";
import type { ActivityUndone } from "../contract/activity.ts";
import { getJson, query, sendJson } from "./http.ts";
import { type Filter, windowed } from "./lists.ts";
import { shape } from "./schemas.ts";

export const activityQueries = {
  all: () => ["activity"] as const,
  /** `filter`: kind, object, user, action, result, dryRun, from, to, q, sort. */
  list: (filter: Filter) => windowed("activity", "/api/v1/activity", shape("ActivityList"), filter),
  /** The newest entries that the filter lets through. */
  newest: (filter: Filter, limit: number) =>
    queryOptions({
      queryKey: ["activity", "newest", filter, limit] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/activity${query({ ...filter, limit })}`, shape("ActivityList"), signal),
    }),
  detail: (id: string) =>
    queryOptions({
      queryKey: ["activity", "detail", id] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/activity/${encodeURIComponent(id)}`, shape("Activity"), signal),
    }),
};

/** Takes back what an entry tells of; answers with the object as read back. `dryRun`: everything is checked, nothing is stored. */
export function undoActivity(id: string, dryRun = false): Promise<ActivityUndone> {
  const path = `/api/v1/activity/${encodeURIComponent(id)}/undo${dryRun ? "?dryRun=true" : ""}`;
  return sendJson("POST", path, {}, shape("ActivityUndone"));
}
