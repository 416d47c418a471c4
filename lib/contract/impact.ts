import * as z from "zod/mini";
import { unknown } from "./common.ts";

export const impactActions = ["disable", "enable", "delete", "update"] as const;

/** `spec`: JSON of a PoolChange; with `action=update`, and only then. */
export const ImpactQuery = z.strictObject({
  action: z.enum(impactActions),
  spec: z.optional(z.string().check(z.maxLength(8192))),
});
export type ImpactQuery = z.infer<typeof ImpactQuery>;

/** One consequence of an action, about one subject, with how sure we are. `count` null: no number belongs to it, or it is unknown. */
export const ImpactStatement = z.object({
  kind: z.enum(["fails", "moves", "removed", "noPool", "capacity", "poolState", "revert", "unchanged"]),
  subject: z.object({ kind: z.string(), namespace: z.optional(z.string()), name: z.string() }),
  from: z.optional(z.string()),
  to: z.optional(z.string()),
  count: z.nullable(z.int()),
  detail: z.string(),
  certainty: z.enum(["exact", "atLeast", "unknown"]),
  /** Why it is not exact. */
  reason: z.optional(z.string()),
});
export type ImpactStatement = z.infer<typeof ImpactStatement>;

/**
 * What an action on a pool would do. `confirm` "typeName": the person types the pool's name first. `undo`: what taking it back
 * would not bring back, as statements about the undo; empty: it brings everything back; null: there is no undo.
 */
export const Impact = z
  .object({
    action: z.enum(impactActions),
    pool: z.string(),
    confirm: z.enum(["click", "typeName"]),
    statements: z.array(ImpactStatement),
    undo: z.nullable(z.array(ImpactStatement)),
    unknown,
  })
  .register(z.globalRegistry, { id: "Impact" });
export type Impact = z.infer<typeof Impact>;
