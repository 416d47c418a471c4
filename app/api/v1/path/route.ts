import { PathQuery } from "@/lib/contract/path.ts";
import { readPath } from "@/lib/server/read/path.ts";
import { reading } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: PathQuery,
    read: ({ inventory, query }) => readPath(inventory, query.from, query.to),
  }),
});
