import { queryOptions } from "@tanstack/react-query";
import { getJson, query } from "./http.ts";
import { shape } from "./schemas.ts";

export const pathQueries = {
  /** The way from a pod (`namespace/pod`) to an address or a pod. */
  path: (from: string, to: string) =>
    queryOptions({
      queryKey: ["path", from, to] as const,
      queryFn: ({ signal }) => getJson(`/api/v1/path${query({ from, to })}`, shape("Path"), signal),
    }),
};
