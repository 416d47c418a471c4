import * as z from "zod/mini";
import { Family, ObjectName, unknown } from "./common.ts";

/** One pool of the family, in the order in which Calico would try those that are eligible. */
const ChoicePool = z.object({
  name: z.string(),
  cidr: z.string(),
  eligible: z.boolean(),
  /** Why it is, or is not. */
  reason: z.string(),
});

/**
 * Which pool, block and address the next pod of a namespace gets on a node. `block` and `ip` null with `error` null: not known.
 * `families`: what pods of the namespace ask for; another one is answered as if they did. `source`: which of Calico's four sources
 * decides; null: not known. `error`: Calico's own words for the pod's event; that of another family fails the pod as well.
 */
export const Choice = z
  .object({
    family: Family,
    namespace: z.string(),
    node: z.string(),
    families: z.array(Family),
    source: z.nullable(z.enum(["pod", "namespace", "cniConfig", "automatic"])),
    /** The raw text that decides; null: nothing names pools. */
    asked: z.nullable(z.string()),
    pools: z.array(ChoicePool),
    /** The pool of the address. */
    pool: z.nullable(z.string()),
    block: z.nullable(z.string()),
    /** Whether the node holds the block already, would claim it, or would borrow from another node's. */
    blockHow: z.nullable(z.enum(["held", "claimed", "borrowed"])),
    /** The node whose block it borrows from; null: nobody's, or nothing is borrowed. */
    lender: z.nullable(z.string()),
    ip: z.nullable(z.string()),
    error: z.nullable(z.string()),
    /** What the error means and what would help; null without an error. */
    failure: z.nullable(
      z.object({
        code: z.string(),
        cause: z.string(),
        fixes: z.array(
          z.object({ label: z.string(), href: z.optional(z.string()), command: z.optional(z.string()) }),
        ),
      }),
    ),
    unknown,
  })
  .register(z.globalRegistry, { id: "Choice" });
export type Choice = z.infer<typeof Choice>;

/** `family` absent: the first that pods of the namespace ask for. `ipv4pools`, `ipv6pools`: the pod's own annotation, raw as it would be written; absent: the pod has none. */
export const ChoiceQuery = z.strictObject({
  namespace: ObjectName,
  node: ObjectName,
  family: z.optional(z.pipe(z.pipe(z.enum(["4", "6"]), z.transform(Number)), Family)),
  ipv4pools: z.optional(z.string().check(z.maxLength(4096))),
  ipv6pools: z.optional(z.string().check(z.maxLength(4096))),
});
export type ChoiceQuery = z.infer<typeof ChoiceQuery>;
