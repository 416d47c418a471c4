import { NodeList } from "../contract/nodes.ts";
import { type Filter, windowed } from "./lists.ts";

export const nodeQueries = {
  all: () => ["nodes"] as const,
  /** `filter`: pool, q, sort. */
  list: (filter: Filter) => windowed("nodes", "/api/v1/nodes", NodeList, filter),
};
