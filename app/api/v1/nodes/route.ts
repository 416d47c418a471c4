import { NodeQuery } from "@/lib/contract/nodes.ts";
import { listNodes } from "@/lib/server/read/nodes.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: NodeQuery,
    handle: ({ inventory, query }) => Response.json(listNodes(inventory, query)),
  }),
});
