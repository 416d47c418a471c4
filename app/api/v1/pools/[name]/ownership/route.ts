import { OwnershipQuery } from "@/lib/contract/ownership.ts";
import { readOwnership } from "@/lib/server/read/ownership/read-ownership.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: Named,
    query: OwnershipQuery,
    handle: async ({ inventory, connection, params, query, config }) =>
      Response.json(
        await readOwnership({ inventory, connection, name: params.name, query, readOnly: config.readOnly }),
      ),
  }),
});
