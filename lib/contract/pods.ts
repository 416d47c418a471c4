import * as z from "zod/mini";
import { listOf, listQuery, ObjectName, Time, unknown } from "./common.ts";
import { podStates } from "./states.ts";

/** Why a pod has no address: Calico's own words, what they mean, and what to do. `at`: when it last failed. */
export const PodFailure = z.object({
  message: z.string(),
  code: z.string(),
  cause: z.string(),
  fixes: z.array(
    z.object({ label: z.string(), href: z.optional(z.string()), command: z.optional(z.string()) }),
  ),
  /** The pod's own pools annotations, raw; null: it has none. */
  asks: z.object({ ipv4: z.nullable(z.string()), ipv6: z.nullable(z.string()) }),
  at: z.nullable(Time),
});
export type PodFailure = z.infer<typeof PodFailure>;

export const Pod = z
  .object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    node: z.nullable(z.string()),
    phase: z.string(),
    ips: z.array(z.string()),
    /** Of its addresses, in their order; null: pools or blocks cannot be read. */
    pools: z.nullable(z.array(z.string())),
    blocks: z.nullable(z.array(z.string())),
    createdAt: Time,
    state: z.enum(podStates),
    failure: z.nullable(PodFailure),
    unknown,
  })
  .register(z.globalRegistry, { id: "Pod" });
export type Pod = z.infer<typeof Pod>;

export const PodList = listOf(Pod);
export const PodQuery = z.strictObject({
  ...listQuery,
  namespace: z.optional(ObjectName),
  pool: z.optional(ObjectName),
  block: z.optional(ObjectName),
  node: z.optional(ObjectName),
  state: z.optional(z.enum(podStates)),
});
export type PodQuery = z.infer<typeof PodQuery>;
