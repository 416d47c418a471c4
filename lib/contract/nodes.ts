import { z } from "zod";
import { Labels, listOf, listQuery, ObjectName, unknown } from "./common.ts";

/** One node. `blockLimit` null: unknown. */
export const Node = z
  .object({
    name: z.string(),
    ready: z.boolean(),
    labels: Labels,
    addresses: z.array(z.string()),
    blocks: z.number().int().nullable(),
    blockLimit: z.number().int().nullable(),
    /** Addresses in use by this node, wherever they lie. */
    used: z.number().int().nullable(),
    /** Of those, in blocks of other nodes. */
    borrowed: z.number().int().nullable(),
    tunnels: z.array(z.object({ type: z.string(), ip: z.string(), pool: z.string().nullable() })),
    unknown,
  })
  .meta({ id: "Node" });
export type Node = z.infer<typeof Node>;

export const NodeList = listOf(Node);
export const NodeQuery = z.strictObject({ ...listQuery, pool: ObjectName.optional() });
export type NodeQuery = z.infer<typeof NodeQuery>;
