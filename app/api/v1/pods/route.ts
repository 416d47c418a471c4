import { PodQuery } from "@/lib/contract/pods.ts";
import { listPods } from "@/lib/server/read/pods.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: PodQuery,
    listsPods: true,
    handle: ({ inventory, query }) => Response.json(listPods(inventory, query)),
  }),
});
