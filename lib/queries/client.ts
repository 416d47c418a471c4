import { QueryClient } from "@tanstack/react-query";
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
        retry: (failures, error) => failures < 2 && toProblemError(error).passing,
        retryDelay: (failures) => 400 * 2 ** failures,
        refetchInterval: (query) => {
          const { error } = query.state;
          return error !== null && toProblemError(error).passing ? retryMs : false;
        },
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
