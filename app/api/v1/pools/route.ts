import { WriteQuery } from "@/lib/contract/common.ts";
import { PoolQuery } from "@/lib/contract/pools.ts";
import { listPools } from "@/lib/server/read/pools.ts";
import { reading } from "@/lib/server/reading.ts";
import { endpoint, route } from "@/lib/server/respond.ts";
import { createPools, PoolCreateBody } from "@/lib/server/write/pools-create.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: PoolQuery,
    read: ({ inventory, query }) => listPools(inventory, query),
  }),
  POST: endpoint({
    query: WriteQuery,
    body: PoolCreateBody,
    maxKilobytes: 256,
    action: "pools.create",
    handle: async (call) => Response.json(await createPools(call)),
  }),
});
