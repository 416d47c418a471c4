import { WriteQuery } from "@/lib/contract/common.ts";
import { PoolDelete, PoolPatch } from "@/lib/contract/pools.ts";
import { readPool } from "@/lib/server/read/pools.ts";
import { reading } from "@/lib/server/reading.ts";
import { endpoint, Named, route } from "@/lib/server/respond.ts";
import { deletePool } from "@/lib/server/write/pool-delete.ts";
import { patchPool } from "@/lib/server/write/pool-patch.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    params: Named,
    read: ({ inventory, params }) => readPool(inventory, params.name),
  }),
  PATCH: endpoint({
    params: Named,
    query: WriteQuery,
    body: PoolPatch,
    action: "pools.update",
    handle: async (call) => Response.json(await patchPool(call)),
  }),
  DELETE: endpoint({
    params: Named,
    query: WriteQuery,
    body: PoolDelete,
    action: "pools.delete",
    handle: async (call) => Response.json(await deletePool(call)),
  }),
});
