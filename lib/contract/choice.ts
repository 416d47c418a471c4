import { z } from "zod";
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
    source: z.enum(["pod", "namespace", "cniConfig", "automatic"]).nullable(),
    /** The raw text that decides; null: nothing names pools. */
    asked: z.string().nullable(),
    pools: z.array(ChoicePool),
    /** The pool of the address. */
    pool: z.string().nullable(),
    block: z.string().nullable(),
    /** Whether the node holds the block already, would claim it, or would borrow from another node's. */
    blockHow: z.enum(["held", "claimed", "borrowed"]).nullable(),
    /** The node whose block it borrows from; null: nobody's, or nothing is borrowed. */
    lender: z.string().nullable(),
    ip: z.string().nullable(),
    error: z.string().nullable(),
    /** What the error means and what would help; null without an error. */
    failure: z
      .object({
        code: z.string(),
        cause: z.string(),
        fixes: z.array(
          z.object({ label: z.string(), href: z.string().optional(), command: z.string().optional() }),
        ),
      })
      .nullable(),
    unknown,
  })
  .meta({ id: "Choice" });
export type Choice = z.infer<typeof Choice>;

/** `family` absent: the first that pods of the namespace ask for. `ipv4pools`, `ipv6pools`: the pod's own annotation, raw as it would be written; absent: the pod has none. */
export const ChoiceQuery = z.strictObject({
  namespace: ObjectName,
  node: ObjectName,
  family: z.enum(["4", "6"]).transform(Number).pipe(Family).optional(),
  ipv4pools: z.string().max(4096).optional(),
  ipv6pools: z.string().max(4096).optional(),
});
export type ChoiceQuery = z.infer<typeof ChoiceQuery>;
