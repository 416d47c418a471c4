import { z } from "zod";
import { Address } from "./addresses.ts";
import { listOf, listQuery, ObjectName, Time, unknown } from "./common.ts";

const affinityStates = ["confirmed", "pending", "pendingDeletion", "none"] as const;

/** One IPAM block. Counts are of its addresses (at most 4,096). */
export const Block = z
  .object({
    name: z.string(),
    cidr: z.string(),
    /** Null: inside no pool. */
    pool: z.string().nullable(),
    /** Owning node; null: nobody. */
    node: z.string().nullable(),
    /** State of the owner's claim; null: claims cannot be read. */
    affinity: z.enum(affinityStates).nullable(),
    capacity: z.number().int(),
    used: z.number().int(),
    reserved: z.number().int().nullable(),
    cooling: z.number().int(),
    free: z.number().int().nullable(),
    /** In use by other nodes than the owner. */
    lent: z.number().int(),
    claimedAt: Time.nullable(),
    /** What is wrong with the stored object, in words. */
    oddities: z.array(z.string()),
    unknown,
  })
  .meta({ id: "Block" });
export type Block = z.infer<typeof Block>;

export const BlockDetail = Block.extend({ addresses: z.array(Address) }).meta({ id: "BlockDetail" });
export type BlockDetail = z.infer<typeof BlockDetail>;

export const BlockList = listOf(Block);
export const BlockQuery = z.strictObject({
  ...listQuery,
  pool: ObjectName.optional(),
  node: ObjectName.optional(),
  affinity: z.enum(affinityStates).optional(),
  /** Only those that lie in no pool. */
  outside: z
    .literal("true")
    .transform(() => true as const)
    .optional(),
});
export type BlockQuery = z.infer<typeof BlockQuery>;
