import * as z from "zod/mini";
import { readAddress } from "@/lib/server/read/address.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

/** Which text is an address is for the address parser to say. */
const OneAddress = z.object({ ip: z.string().check(z.maxLength(64)) });

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    params: OneAddress,
    handle: ({ inventory, params }) => Response.json(readAddress(inventory, params.ip)),
  }),
});
