import { endpoint, route } from "@/lib/server/respond.ts";
import { readSession } from "@/lib/server/session.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    handle: async ({ identity, connection, request, config }) =>
      Response.json(await readSession({ identity, connection }, request, config)),
  }),
});
