import * as z from "zod/mini";
import { Address } from "./addresses.ts";
import { listOf, listQuery, ObjectName, Time, unknown } from "./common.ts";

const affinityStates = ["confirmed", "pending", "pendingDeletion", "none"] as const;

/** One IPAM block. Counts are of its addresses (at most 4,096). */
export const Block = z
  .object({
    name: z.string(),
    cidr: z.string(),
    /** Null: inside no pool. */
    pool: z.nullable(z.string()),
    /** Owning node; null: nobody. */
    node: z.nullable(z.string()),
    /** State of the owner's claim; null: claims cannot be read. */
    affinity: z.nullable(z.enum(affinityStates)),
    capacity: z.int(),
    used: z.int(),
    reserved: z.nullable(z.int()),
    cooling: z.int(),
    free: z.nullable(z.int()),
    /** In use by other nodes than the owner. */
    lent: z.int(),
    claimedAt: z.nullable(Time),
    /** What is wrong with the stored object, in words. */
    oddities: z.array(z.string()),
    unknown,
  })
  .register(z.globalRegistry, { id: "Block" });
export type Block = z.infer<typeof Block>;

export const BlockDetail = z
  .extend(Block, { addresses: z.array(Address) })
  .register(z.globalRegistry, { id: "BlockDetail" });
export type BlockDetail = z.infer<typeof BlockDetail>;

export const BlockList = listOf(Block);
export const BlockQuery = z.strictObject({
  ...listQuery,
  pool: z.optional(ObjectName),
  node: z.optional(ObjectName),
  affinity: z.optional(z.enum(affinityStates)),
  /** Begins at the block of this name, wherever it is; the answer's `offset` says where. Without such a block, as if it were not given. */
  from: z.optional(ObjectName),
  /** Only those that lie in no pool. */
  outside: z.optional(
    z.pipe(
      z.literal("true"),
      z.transform(() => true as const),
    ),
  ),
});
export type BlockQuery = z.infer<typeof BlockQuery>;
