import { readPoolEvents } from "@/lib/server/read/pool-events.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: Named,
    handle: async ({ inventory, connection, params }) =>
      Response.json(await readPoolEvents(inventory, connection, params.name)),
  }),
});
