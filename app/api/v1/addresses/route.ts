import { AddressQuery } from "@/lib/contract/addresses.ts";
import { listAddresses } from "@/lib/server/read/addresses.ts";
import { reading } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: AddressQuery,
    read: ({ inventory, query, signal }) => listAddresses(inventory, query, signal),
  }),
});
