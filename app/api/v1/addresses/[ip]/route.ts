import * as z from "zod/mini";
import { readAddress } from "@/lib/server/read/address.ts";
import { reading } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

/** Which text is an address is for the address parser to say. */
const OneAddress = z.object({ ip: z.string().check(z.maxLength(64)) });

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    params: OneAddress,
    read: ({ inventory, params }) => readAddress(inventory, params.ip),
  }),
});
