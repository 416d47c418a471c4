import { SearchQuery } from "@/lib/contract/search.ts";
import { search } from "@/lib/server/read/search.ts";
import { reading } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: SearchQuery,
    read: ({ inventory, query, signal }) => search(inventory, query.q, signal),
  }),
});
