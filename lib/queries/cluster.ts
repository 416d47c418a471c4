import { queryOptions } from "@tanstack/react-query";
import { Cluster } from "../contract/cluster.ts";
import { Session } from "../contract/session.ts";
import { retryMs } from "./client.ts";
import { freshness } from "./freshness.ts";
import { getJson } from "./http.ts";
import { toProblemError } from "./problem-error.ts";

/** The server remembers a no for 10 s and a yes for 60 s. */
const rightsMs = 20_000;

export const clusterQueries = {
  /** The cluster; asked every 5 s, which is also how the age of the server's own data is known. */
  cluster: () =>
    queryOptions({
      queryKey: ["cluster"] as const,
      queryFn: async ({ signal }) => {
        try {
          const cluster = await getJson("/api/v1/cluster", Cluster, signal);
          freshness.read(cluster.ready);
          freshness.set({ serverStale: cluster.stale });
          return cluster;
        } catch (error) {
          if (toProblemError(error).problem.code === "starting") freshness.read(false);
          throw error;
        }
      },
      refetchInterval: retryMs,
    }),
  /** Who is asking, and what they may: rights come and go while a page is open. Asked sooner as long as the cluster could not say. */
  session: () =>
    queryOptions({
      queryKey: ["session"] as const,
      queryFn: ({ signal }) => getJson("/api/v1/session", Session, signal),
      refetchInterval: ({ state }) => (state.error !== null || state.data?.unknown ? retryMs : rightsMs),
    }),
};
