import * as z from "zod/mini";
import { Count, unknown } from "./common.ts";
import { UsageByKind } from "./pools.ts";

/** What still holds a pool: while any of it is there, deleting the pool hurts somebody. */
export const PoolHolds = z
  .object({
    pool: z.string(),
    addresses: z.object({ total: z.nullable(Count), byKind: UsageByKind, cooling: z.nullable(Count) }),
    blocks: z.object({
      total: z.nullable(Count),
      /** The first 200, fullest first. */
      items: z.nullable(
        z.array(
          z.object({
            name: z.string(),
            cidr: z.string(),
            node: z.nullable(z.string()),
            used: z.int(),
          }),
        ),
      ),
    }),
    /** Namespaces whose annotation names the pool, by name or by CIDR. Null: namespaces cannot be read. */
    namespaces: z.nullable(
      z.array(z.object({ name: z.string(), field: z.enum(["ipv4pools", "ipv6pools"]), raw: z.string() })),
    ),
    /** Pods whose own annotation names the pool. Null: pods cannot be read. */
    pods: z.nullable(
      z.array(
        z.object({
          namespace: z.string(),
          name: z.string(),
          field: z.enum(["ipv4pools", "ipv6pools"]),
          raw: z.string(),
        }),
      ),
    ),
    unknown,
  })
  .register(z.globalRegistry, { id: "PoolHolds" });
export type PoolHolds = z.infer<typeof PoolHolds>;
