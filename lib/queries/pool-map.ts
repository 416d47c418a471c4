import { queryOptions } from "@tanstack/react-query";
import { decodePoolMap } from "../contract/pool-map.ts";
import { getBytes } from "./http.ts";
import { localProblem } from "./problem-error.ts";

export const poolMapQueries = {
  /** The block map of a pool in columns; the browser keeps it by ETag. */
  map: (name: string) =>
    queryOptions({
      queryKey: ["pools", "map", name] as const,
      queryFn: async ({ signal }) => {
        const bytes = await getBytes(`/api/v1/pools/${encodeURIComponent(name)}/map`, signal);
        try {
          return decodePoolMap(bytes);
        } catch (error) {
          throw localProblem("unreadable", "The block map cannot be read", String(error));
        }
      },
      // Columns are replaced whole; comparing them field by field would cost more than drawing them.
      structuralSharing: false,
    }),
};
