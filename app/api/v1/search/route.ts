import { SearchQuery } from "@/lib/contract/search.ts";
import { search } from "@/lib/server/read/search.ts";
import { endpoint, route } from "@/lib/server/respond.ts";
import { whileWanted } from "@/lib/server/while-wanted.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: SearchQuery,
    handle: ({ inventory, query, request }) =>
      whileWanted(request, (signal) => search(inventory, query.q, signal)),
  }),
});
