import { PoolMapQuery } from "@/lib/contract/pool-map-query.ts";
import { type Encoded, encodedResponse } from "@/lib/server/encoded.ts";
import { readPoolAddressMap } from "@/lib/server/read/pool-map-addresses.ts";
import {
  preparePoolMap,
  readPoolMap,
  readPoolMapJson,
  readPoolMapPatch,
} from "@/lib/server/read/pool-map.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";

/** `isKept`: false for an answer to a question that nobody asks twice; all others are kept by the browser. */
function send(request: Request, map: Encoded, isKept = true): Promise<Response> {
  const headers = {
    "Content-Type": "application/octet-stream",
    "Cache-Control": isKept ? "private, no-cache" : "no-store",
  };
  return encodedResponse(request, map, headers, { isTagged: isKept });
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: Named,
    query: PoolMapQuery,
    handle: async ({ inventory, params: { name }, query, request }) => {
      if (query.addresses !== undefined)
        return send(request, readPoolAddressMap(inventory, name, query.addresses));
      await preparePoolMap(inventory, name, request.signal);
      if (query.format === "json") return Response.json(readPoolMapJson(inventory, name));
      if (query.since === undefined) return send(request, readPoolMap(inventory, name, query.with));
      const patch = readPoolMapPatch(inventory, name, query.with ?? [], query.since);
      const answer = patch ?? readPoolMap(inventory, name, query.with);
      return send(request, answer, false);
    },
  }),
});
