import { z } from "zod";
import { listOf, listQuery, ObjectName, Time, unknown } from "./common.ts";

export const podStates = ["running", "pending", "noAddress", "finished", "hostNetwork"] as const;

/** Why a pod has no address: Calico's own words, what they mean, and what to do. `at`: when it last failed. */
export const PodFailure = z.object({
  message: z.string(),
  code: z.string(),
  cause: z.string(),
  fixes: z.array(
    z.object({ label: z.string(), href: z.string().optional(), command: z.string().optional() }),
  ),
  /** The pod's own pools annotations, raw; null: it has none. */
  asks: z.object({ ipv4: z.string().nullable(), ipv6: z.string().nullable() }),
  at: Time.nullable(),
});
export type PodFailure = z.infer<typeof PodFailure>;

export const Pod = z
  .object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    node: z.string().nullable(),
    phase: z.string(),
    ips: z.array(z.string()),
    /** Of its addresses, in their order; null: pools or blocks cannot be read. */
    pools: z.array(z.string()).nullable(),
    blocks: z.array(z.string()).nullable(),
    createdAt: Time,
    state: z.enum(podStates),
    failure: PodFailure.nullable(),
    unknown,
  })
  .meta({ id: "Pod" });
export type Pod = z.infer<typeof Pod>;

export const PodList = listOf(Pod);
export const PodQuery = z.strictObject({
  ...listQuery,
  namespace: ObjectName.optional(),
  pool: ObjectName.optional(),
  block: ObjectName.optional(),
  node: ObjectName.optional(),
  state: z.enum(podStates).optional(),
});
export type PodQuery = z.infer<typeof PodQuery>;
