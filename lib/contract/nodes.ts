import { z } from "zod";
import { Count, Labels, listOf, listQuery, ObjectName, unknown } from "./common.ts";

/** What a node has in one pool; `pool` null: in blocks outside every pool. */
export const NodeShare = z.object({
  pool: z.string().nullable(),
  blocks: z.number().int(),
  /** Addresses of those blocks. */
  capacity: z.number().int(),
  /** Addresses in use by the node there, whoever owns the block. */
  used: z.number().int(),
  /** Of those, in blocks of other nodes or of none. */
  borrowed: z.number().int(),
});
export type NodeShare = z.infer<typeof NodeShare>;

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
    /** What it has in each pool, by name, where it has anything; null: blocks or pools cannot be read. */
    pools: z.array(NodeShare).nullable(),
    tunnels: z.array(z.object({ type: z.string(), ip: z.string(), pool: z.string().nullable() })),
    unknown,
  })
  .meta({ id: "Node" });
export type Node = z.infer<typeof Node>;

/** `inUse`: addresses in use by all nodes that match, in the pool asked for; null: unknown. */
export const NodeList = listOf(Node).extend({ inUse: Count.nullable() });
export type NodeList = z.infer<typeof NodeList>;
export const NodeQuery = z.strictObject({
  ...listQuery,
  pool: ObjectName.optional(),
  /** In Calico's language, as in a pool's `nodeSelector`. */
  selector: z.string().max(4096).optional(),
});
export type NodeQuery = z.infer<typeof NodeQuery>;
