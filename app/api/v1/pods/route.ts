import { PodQuery } from "@/lib/contract/pods.ts";
import { listPods } from "@/lib/server/read/pods.ts";
import { endpoint, route } from "@/lib/server/respond.ts";
import { whileWanted } from "@/lib/server/while-wanted.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: PodQuery,
    listsPods: true,
    handle: ({ inventory, query, request }) =>
      whileWanted(request, (signal) => listPods(inventory, query, signal)),
  }),
});
