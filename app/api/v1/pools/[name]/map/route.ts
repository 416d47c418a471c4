import { PoolMapQuery } from "@/lib/contract/pool-map-query.ts";
import { poolMapResponse } from "@/lib/server/pool-map-response.ts";
import { readPoolAddressMap } from "@/lib/server/read/pool-map-addresses.ts";
import {
  preparePoolMap,
  readPoolMap,
  readPoolMapJson,
  readPoolMapPatch,
} from "@/lib/server/read/pool-map.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: Named,
    query: PoolMapQuery,
    handle: async ({ inventory, params: { name }, query, request }) => {
      if (query.addresses !== undefined)
        return poolMapResponse(request, readPoolAddressMap(inventory, name, query.addresses));
      await preparePoolMap(inventory, name, request.signal);
      if (query.format === "json") return Response.json(readPoolMapJson(inventory, name));
      if (query.since === undefined)
        return poolMapResponse(request, readPoolMap(inventory, name, query.with));
      const patch = readPoolMapPatch(inventory, name, query.with ?? [], query.since);
      const answer = patch ?? readPoolMap(inventory, name, query.with);
      return poolMapResponse(request, answer, { isKept: false });
    },
  }),
});
