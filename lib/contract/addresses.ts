import { z } from "zod";
import { listOf, listQuery, ObjectName, Time, unknown } from "./common.ts";

export const addressStates = ["used", "cooling", "reserved", "free", "unclaimed"] as const;
export const addressKinds = ["pod", "tunnel", "loadBalancer", "vm", "windows", "other"] as const;

/** One address, or a run of free or unclaimed ones (`ip` to `lastIp`, both inclusive; `lastIp` null: one address). */
export const Address = z
  .object({
    ip: z.string(),
    lastIp: z.string().nullable(),
    state: z.enum(addressStates),
    kind: z.enum(addressKinds).nullable(),
    owner: z.object({ kind: z.string(), namespace: z.string().nullable(), name: z.string() }).nullable(),
    node: z.string().nullable(),
    block: z.string().nullable(),
    pool: z.string().nullable(),
    since: Time.nullable(),
    handle: z.string().nullable(),
    /** Its node is not the block's owner. */
    borrowed: z.boolean(),
    /** Nobody was seen using it; null: what would use it cannot be read. */
    leakCandidate: z.boolean().nullable(),
    /** Reservations that cover it; null: they cannot be read. */
    reservedBy: z.array(z.string()).nullable(),
    unknown,
  })
  .meta({ id: "Address" });
export type Address = z.infer<typeof Address>;

/** `outside`: in no pool; null: pools cannot be read. `explanation`: what the address is, in words. */
export const AddressDetail = Address.extend({
  explanation: z.string(),
  outside: z.boolean().nullable(),
}).meta({
  id: "AddressDetail",
});
export type AddressDetail = z.infer<typeof AddressDetail>;

export const AddressList = listOf(Address);
export const AddressQuery = z.strictObject({
  ...listQuery,
  pool: ObjectName.optional(),
  block: ObjectName.optional(),
  namespace: ObjectName.optional(),
  node: ObjectName.optional(),
  kind: z.enum(addressKinds).optional(),
  state: z.enum(addressStates).optional(),
});
export type AddressQuery = z.infer<typeof AddressQuery>;
