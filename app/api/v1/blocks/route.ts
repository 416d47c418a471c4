import { BlockQuery } from "@/lib/contract/blocks.ts";
import { listBlocks } from "@/lib/server/read/blocks.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: BlockQuery,
    handle: ({ inventory, query }) => Response.json(listBlocks(inventory, query)),
  }),
});
