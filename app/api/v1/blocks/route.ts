import { BlockQuery } from "@/lib/contract/blocks.ts";
import { listBlocks } from "@/lib/server/read/blocks.ts";
import { reading } from "@/lib/server/reading.ts";
import { route } from "@/lib/server/respond.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: reading({
    query: BlockQuery,
    read: ({ inventory, query }) => listBlocks(inventory, query),
  }),
});
