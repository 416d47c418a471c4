import { z } from "zod";
import { Count, unknown } from "./common.ts";
import { UsageByKind } from "./pools.ts";

/** What still holds a pool: while any of it is there, deleting the pool hurts somebody. */
export const PoolHolds = z
  .object({
    pool: z.string(),
    addresses: z.object({ total: Count.nullable(), byKind: UsageByKind, cooling: Count.nullable() }),
    blocks: z.object({
      total: Count.nullable(),
      /** The first 200, fullest first. */
      items: z
        .array(
          z.object({
            name: z.string(),
            cidr: z.string(),
            node: z.string().nullable(),
            used: z.number().int(),
          }),
        )
        .nullable(),
    }),
    /** Namespaces whose annotation names the pool, by name or by CIDR. Null: namespaces cannot be read. */
    namespaces: z
      .array(z.object({ name: z.string(), field: z.enum(["ipv4pools", "ipv6pools"]), raw: z.string() }))
      .nullable(),
    /** Pods whose own annotation names the pool. Null: pods cannot be read. */
    pods: z
      .array(
        z.object({
          namespace: z.string(),
          name: z.string(),
          field: z.enum(["ipv4pools", "ipv6pools"]),
          raw: z.string(),
        }),
      )
      .nullable(),
    unknown,
  })
  .meta({ id: "PoolHolds" });
export type PoolHolds = z.infer<typeof PoolHolds>;
