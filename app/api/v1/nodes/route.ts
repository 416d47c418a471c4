import { NodeQuery } from "@/lib/contract/nodes.ts";
import { listNodes } from "@/lib/server/read/nodes.ts";
import { reading } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: NodeQuery,
    read: ({ inventory, query }) => listNodes(inventory, query),
  }),
});
