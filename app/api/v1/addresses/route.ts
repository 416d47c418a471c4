import { AddressQuery } from "@/lib/contract/addresses.ts";
import { listAddresses } from "@/lib/server/read/addresses.ts";
import { endpoint, route } from "@/lib/server/respond.ts";
import { whileWanted } from "@/lib/server/while-wanted.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: AddressQuery,
    handle: ({ inventory, query, request }) =>
      whileWanted(request, (signal) => listAddresses(inventory, query, signal)),
  }),
});
