import { readBlock } from "@/lib/server/read/blocks.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: Named,
    handle: ({ inventory, params }) => Response.json(readBlock(inventory, params.name)),
  }),
});
