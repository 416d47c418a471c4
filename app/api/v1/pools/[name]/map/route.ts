import { PoolMapQuery } from "@/lib/contract/pool-map-query.ts";
import { poolMapResponse } from "@/lib/server/pool-map-response.ts";
import { readPoolMap, readPoolMapJson } from "@/lib/server/read/pool-map.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: Named,
    query: PoolMapQuery,
    handle: ({ inventory, params, query, request }) =>
      query.format === "json"
        ? Response.json(readPoolMapJson(inventory, params.name))
        : poolMapResponse(request, readPoolMap(inventory, params.name, { nodes: query.nodes === "true" })),
  }),
});
