import { z } from "zod";
import { Permission, unknown } from "./common.ts";
import { ImpactQuery } from "./impact.ts";
import { managers } from "./pools.ts";

/** The same question as for the impact: an action, with `update` the changed fields. */
export const OwnershipQuery = ImpactQuery;

/** What the API server said to the patch without storing it. `notAsked`: there is no patch, or what it needs could not be read. */
const DryRun = z.object({
  outcome: z.enum(["accepted", "refused", "forbidden", "notAsked"]),
  /** The API server's words, or why it was not asked. */
  detail: z.string().nullable(),
  permission: Permission.optional(),
});

/**
 * Who owns a pool, and where a change of it has to be made to last. `override`: whether Poolboard writes it all the same when it is
 * told so (`overrideOwner` in the body); never for the operator's pools.
 */
export const Ownership = z
  .object({
    managedBy: z.object({ kind: z.enum(managers), name: z.string().nullable() }),
    /** Null: it belongs to nobody else; it is changed here. */
    where: z
      .object({
        kind: z.string(),
        namespace: z.string().optional(),
        name: z.string().nullable(),
        /** "spec.calicoNetwork.ipPools[1].disableNewAllocations", or "spec.disabled" in the manifest in Git. */
        field: z.string(),
      })
      .nullable(),
    /** What to do, in sentences. */
    advice: z.array(z.string()),
    /**
     * The exact patch and the command that sends it; null where the change is made in a file that we cannot see. `changed`: the lines
     * of `yaml`, from 0, first and one behind the last, that are not as the cluster has them; null: lines are only left out.
     */
    patch: z
      .object({
        contentType: z.string(),
        body: z.string(),
        yaml: z.string(),
        changed: z.tuple([z.number().int(), z.number().int()]).nullable(),
        command: z.string(),
      })
      .nullable(),
    /** What the file has to say that the pool is made from, as YAML; null where there is none or nothing to say. */
    edit: z.string().nullable(),
    dryRun: DryRun,
    override: z.boolean(),
    unknown,
  })
  .meta({ id: "Ownership" });
export type Ownership = z.infer<typeof Ownership>;
