import { NamespaceQuery } from "@/lib/contract/namespaces.ts";
import { listNamespaces } from "@/lib/server/read/namespaces.ts";
import { reading } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: NamespaceQuery,
    read: ({ inventory, query }) => listNamespaces(inventory, query),
  }),
});
