import { queryOptions } from "@tanstack/react-query";
import type { IpamShowQuery } from "../contract/ipam-show.ts";
import { getJson, getText, query } from "./http.ts";
import { shape } from "./schemas.ts";

type Options = Pick<IpamShowQuery, "blocks" | "layout">;

export const ipamShowQueries = {
  all: () => ["ipam-show"] as const,
  table: (options: Options) =>
    queryOptions({
      queryKey: ["ipam-show", "json", options] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/ipam/show${query({ ...options, format: "json" })}`, shape("IpamShow"), signal),
    }),
  /** To the character what calicoctl prints, or the same as CSV. */
  text: (format: "text" | "csv", options: Options) =>
    queryOptions({
      queryKey: ["ipam-show", format, options] as const,
      queryFn: ({ signal }) => getText(`/api/v1/ipam/show${query({ ...options, format })}`, signal),
    }),
};
