import { NamespaceQuery } from "@/lib/contract/namespaces.ts";
import { listNamespaces } from "@/lib/server/read/namespaces.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: NamespaceQuery,
    handle: ({ inventory, query }) => Response.json(listNamespaces(inventory, query)),
  }),
});
