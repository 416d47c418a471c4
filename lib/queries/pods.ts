import { type Filter, windowed } from "./lists.ts";
import { shape } from "./schemas.ts";

export const podQueries = {
  all: () => ["pods"] as const,
  /** `filter`: namespace, pool, block, node, state, q, sort. */
  list: (filter: Filter) => windowed("pods", "/api/v1/pods", shape("PodList"), filter),
};
