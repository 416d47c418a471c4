import { readPoolHolds } from "@/lib/server/read/pool-holds.ts";
import { reading } from "@/lib/server/reading.ts";
import { Named, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    params: Named,
    read: ({ inventory, params }) => readPoolHolds(inventory, params.name),
  }),
});
