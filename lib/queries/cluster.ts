import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { retryMs } from "./client.ts";
import { freshness } from "./freshness.ts";
import { getJson } from "./http.ts";
import { paceOf } from "./pace.ts";
import { toProblemError } from "./problem-error.ts";
import { shape } from "./schemas.ts";

/** While the server looks at the cluster for the first time. Later its stream tells how far it is. */
const firstLookMs = 1_000;
/** While the stream is open, which tells all of it that changes: 500 pages would be a hundred requests a second. */
const besidesStreamMs = 60_000;
/** The server remembers a no for 10 s and a yes for 60 s. */
const rightsMs = 20_000;

export const clusterQueries = {
  /** The cluster; without the stream asked every 5 s, which is also how the age of the server's own data is known. */
  cluster: () =>
    queryOptions({
      queryKey: ["cluster"] as const,
      queryFn: async ({ signal, client }) => {
        try {
          const cluster = await getJson("/api/v1/cluster", shape("Cluster"), signal);
          readCluster(client, cluster.ready, cluster.reading);
          freshness.set({ serverStale: cluster.stale });
          return cluster;
        } catch (error) {
          if (isStarting(error)) readCluster(client, false);
          throw error;
        }
      },
      refetchInterval: ({ state: { error } }) => {
        if (isStarting(error)) return firstLookMs;
        const { connection, serverStale } = freshness.get();
        return error === null && connection === "open" && !serverStale ? besidesStreamMs : retryMs;
      },
    }),
  /** Who is asking, and what they may: rights come and go while a page is open. Asked sooner as long as the cluster could not say. */
  session: () =>
    queryOptions({
      queryKey: ["session"] as const,
      queryFn: ({ signal }) => getJson("/api/v1/session", shape("Session"), signal),
      refetchInterval: ({ state }) => (state.error !== null || state.data?.unknown ? retryMs : rightsMs),
    }),
};

/** Takes what the server says of its reading. Once it has read the cluster, all that it could not answer before is asked again. */
export function readCluster(client: QueryClient, ready: boolean, reading: string | null = null): void {
  if (freshness.read(ready, reading))
    paceOf(client).mark({ predicate: ({ state }) => isStarting(state.error) });
}

const isStarting = (error: unknown) => error !== null && toProblemError(error).starting;
