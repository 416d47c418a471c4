import * as z from "zod/mini";
import { Permission, unknown } from "./common.ts";
import { ImpactQuery } from "./impact.ts";
import { managers } from "./pools.ts";

/** The same question as for the impact: an action, with `update` the changed fields. */
export const OwnershipQuery = ImpactQuery;

/** What the API server said to the patch without storing it. `notAsked`: there is no patch, or what it needs could not be read. */
const DryRun = z.object({
  outcome: z.enum(["accepted", "refused", "forbidden", "notAsked"]),
  /** The API server's words, or why it was not asked. */
  detail: z.nullable(z.string()),
  permission: z.optional(Permission),
});

/**
 * Who owns a pool, and where a change of it has to be made to last. `override`: whether Poolboard writes it all the same when it is
 * told so (`overrideOwner` in the body); never for the operator's pools.
 */
export const Ownership = z
  .object({
    managedBy: z.object({ kind: z.enum(managers), name: z.nullable(z.string()) }),
    /** Null: it belongs to nobody else; it is changed here. */
    where: z.nullable(
      z.object({
        kind: z.string(),
        namespace: z.optional(z.string()),
        name: z.nullable(z.string()),
        /** "spec.calicoNetwork.ipPools[1].disableNewAllocations", or "spec.disabled" in the manifest in Git. */
        field: z.string(),
      }),
    ),
    /** What to do, in sentences. */
    advice: z.array(z.string()),
    /**
     * The exact patch and the command that sends it; null where the change is made in a file that we cannot see. `changed`: the lines
     * of `yaml`, from 0, first and one behind the last, that are not as the cluster has them; null: lines are only left out.
     */
    patch: z.nullable(
      z.object({
        contentType: z.string(),
        body: z.string(),
        yaml: z.string(),
        changed: z.nullable(z.tuple([z.int(), z.int()])),
        command: z.string(),
      }),
    ),
    /** What the file has to say that the pool is made from, as YAML; null where there is none or nothing to say. */
    edit: z.nullable(z.string()),
    dryRun: DryRun,
    override: z.boolean(),
    unknown,
  })
  .register(z.globalRegistry, { id: "Ownership" });
export type Ownership = z.infer<typeof Ownership>;
