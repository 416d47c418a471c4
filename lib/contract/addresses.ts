import * as z from "zod/mini";
import { listOf, listQuery, ObjectName, Time, unknown } from "./common.ts";
import { addressKinds, addressStates } from "./states.ts";

/** One address, or a run of free or unclaimed ones (`ip` to `lastIp`, both inclusive; `lastIp` null: one address). */
export const Address = z
  .object({
    ip: z.string(),
    lastIp: z.nullable(z.string()),
    state: z.enum(addressStates),
    kind: z.nullable(z.enum(addressKinds)),
    owner: z.nullable(z.object({ kind: z.string(), namespace: z.nullable(z.string()), name: z.string() })),
    node: z.nullable(z.string()),
    block: z.nullable(z.string()),
    pool: z.nullable(z.string()),
    since: z.nullable(Time),
    handle: z.nullable(z.string()),
    /** Its node is not the block's owner. */
    borrowed: z.boolean(),
    /** Nobody was seen using it; null: what would use it cannot be read. */
    leakCandidate: z.nullable(z.boolean()),
    /** Reservations that cover it; null: they cannot be read. */
    reservedBy: z.nullable(z.array(z.string())),
    unknown,
  })
  .register(z.globalRegistry, { id: "Address" });
export type Address = z.infer<typeof Address>;

/** `outside`: in no pool; null: pools cannot be read. `explanation`: what the address is, in words. */
export const AddressDetail = z
  .extend(Address, {
    explanation: z.string(),
    outside: z.nullable(z.boolean()),
  })
  .register(z.globalRegistry, {
    id: "AddressDetail",
  });
export type AddressDetail = z.infer<typeof AddressDetail>;

export const AddressList = listOf(Address);
export const AddressQuery = z.strictObject({
  ...listQuery,
  pool: z.optional(ObjectName),
  block: z.optional(ObjectName),
  namespace: z.optional(ObjectName),
  node: z.optional(ObjectName),
  kind: z.optional(z.enum(addressKinds)),
  state: z.optional(z.enum(addressStates)),
});
export type AddressQuery = z.infer<typeof AddressQuery>;
