import { ClusterQuery } from "@/lib/contract/cluster.ts";
import { readCluster } from "@/lib/server/read/cluster.ts";
import { endpoint, route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: ClusterQuery,
    handle: ({ inventory, query }) => Response.json(readCluster(inventory, query)),
  }),
});
