import { PathQuery } from "@/lib/contract/path.ts";
import { readPath } from "@/lib/server/read/path.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: PathQuery,
    handle: ({ inventory, query }) => Response.json(readPath(inventory, query.from, query.to)),
  }),
});
