import { readPoolHolds } from "@/lib/server/read/pool-holds.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: Named,
    handle: ({ inventory, params }) => Response.json(readPoolHolds(inventory, params.name)),
  }),
});
