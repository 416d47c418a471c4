import { PodQuery } from "@/lib/contract/pods.ts";
import { listPods } from "@/lib/server/read/pods.ts";
import { reading } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: PodQuery,
    listsPods: true,
    read: ({ inventory, query, signal }) => listPods(inventory, query, signal),
  }),
});
