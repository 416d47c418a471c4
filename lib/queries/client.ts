import { QueryClient } from "@tanstack/react-query";
import { freshness } from "./freshness.ts";
import { toProblemError } from "./problem-error.ts";

/** How soon a query that failed for a passing reason asks again by itself. */
export const retryMs = 5000;

/** The browser's cache: the live stream keeps it current, so nothing is refetched for its age alone. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        // gcTime is left alone: five minutes in a browser; on the server, where a page's cache is thrown away with it, no
        // timer that would keep it. With five minutes there too, 1,000 documents left 5,000 timers and their caches behind.
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // The browser's own guess about being online is wrong for a server on this machine.
        networkMode: "always",
        // What could not be answered before the cluster was read is asked again when it is: see `readCluster`.
        retry: (failures, error) => {
          const { passing, starting } = toProblemError(error);
          return failures < 2 && passing && !starting;
        },
        retryDelay: (failures) => 400 * 2 ** failures,
        refetchInterval: ({ state: { error } }) => {
          if (error === null) return false;
          const { passing, starting } = toProblemError(error);
          return passing && !(starting && freshness.get().unread) ? retryMs : false;
        },
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
