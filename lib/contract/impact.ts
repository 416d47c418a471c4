import { z } from "zod";
import { unknown } from "./common.ts";

export const impactActions = ["disable", "enable", "delete", "update"] as const;

/** `spec`: JSON of a PoolChange; with `action=update`, and only then. */
export const ImpactQuery = z.strictObject({
  action: z.enum(impactActions),
  spec: z.string().max(8192).optional(),
});
export type ImpactQuery = z.infer<typeof ImpactQuery>;

/** One consequence of an action, about one subject, with how sure we are. `count` null: no number belongs to it, or it is unknown. */
export const ImpactStatement = z.object({
  kind: z.enum(["fails", "moves", "removed", "noPool", "capacity", "poolState", "revert", "unchanged"]),
  subject: z.object({ kind: z.string(), namespace: z.string().optional(), name: z.string() }),
  from: z.string().optional(),
  to: z.string().optional(),
  count: z.number().int().nullable(),
  detail: z.string(),
  certainty: z.enum(["exact", "atLeast", "unknown"]),
  /** Why it is not exact. */
  reason: z.string().optional(),
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
    undo: z.array(ImpactStatement).nullable(),
    unknown,
  })
  .meta({ id: "Impact" });
export type Impact = z.infer<typeof Impact>;
