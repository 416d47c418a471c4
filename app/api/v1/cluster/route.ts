import { ClusterQuery } from "@/lib/contract/cluster.ts";
import { readCluster } from "@/lib/server/read/cluster.ts";
import { reading } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: ClusterQuery,
    read: ({ inventory, query }) => readCluster(inventory, query),
  }),
});
