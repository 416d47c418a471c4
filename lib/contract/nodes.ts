import * as z from "zod/mini";
import { Count, Labels, listOf, listQuery, ObjectName, unknown } from "./common.ts";

/** What a node has in one pool; `pool` null: in blocks outside every pool. */
export const NodeShare = z.object({
  pool: z.nullable(z.string()),
  blocks: z.int(),
  /** Addresses of those blocks. */
  capacity: z.int(),
  /** Addresses in use by the node there, whoever owns the block. */
  used: z.int(),
  /** Of those, in blocks of other nodes or of none. */
  borrowed: z.int(),
});
export type NodeShare = z.infer<typeof NodeShare>;

/** One node. `blockLimit` null: unknown. */
export const Node = z
  .object({
    name: z.string(),
    ready: z.boolean(),
    labels: Labels,
    addresses: z.array(z.string()),
    blocks: z.nullable(z.int()),
    blockLimit: z.nullable(z.int()),
    /** Addresses in use by this node, wherever they lie. */
    used: z.nullable(z.int()),
    /** Of those, in blocks of other nodes. */
    borrowed: z.nullable(z.int()),
    /** What it has in each pool, by name, where it has anything; null: blocks or pools cannot be read. */
    pools: z.nullable(z.array(NodeShare)),
    tunnels: z.array(z.object({ type: z.string(), ip: z.string(), pool: z.nullable(z.string()) })),
    unknown,
  })
  .register(z.globalRegistry, { id: "Node" });
export type Node = z.infer<typeof Node>;

/** `inUse`: addresses in use by all nodes that match, in the pool asked for; null: unknown. */
export const NodeList = z.extend(listOf(Node), { inUse: z.nullable(Count) });
export type NodeList = z.infer<typeof NodeList>;
export const NodeQuery = z.strictObject({
  ...listQuery,
  pool: z.optional(ObjectName),
  /** In Calico's language, as in a pool's `nodeSelector`. */
  selector: z.optional(z.string().check(z.maxLength(4096))),
});
export type NodeQuery = z.infer<typeof NodeQuery>;
