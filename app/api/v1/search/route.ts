import { SearchQuery } from "@/lib/contract/search.ts";
import { search } from "@/lib/server/read/search.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: SearchQuery,
    handle: ({ inventory, query }) => Response.json(search(inventory, query.q)),
  }),
});
