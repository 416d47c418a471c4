import * as z from "zod/mini";
import { Count, unknown } from "./common.ts";

export const layouts = ["v3.32", "v3.33"] as const;

export const IpamShowQuery = z.strictObject({
  blocks: z.optional(z.enum(["true", "false"])),
  format: z.optional(z.enum(["json", "text", "csv"])),
  layout: z.optional(z.enum(layouts)),
});
export type IpamShowQuery = z.infer<typeof IpamShowQuery>;

/** The table of `calicoctl ipam show`: figures exact, `cells` as printed under `columns`. */
export const IpamShow = z
  .object({
    layout: z.enum(layouts),
    columns: z.array(z.string()),
    rows: z.array(
      z.object({
        grouping: z.enum(["IP Pool", "Block"]),
        cidr: z.string(),
        /** Null: a block outside every pool. */
        pool: z.nullable(z.string()),
        total: Count,
        inUse: Count,
        /** Null in the v3.32 layout, which does not know reservations. */
        reserved: z.nullable(Count),
        free: Count,
        cells: z.array(z.string()),
      }),
    ),
    unknown,
  })
  .register(z.globalRegistry, { id: "IpamShow" });
export type IpamShow = z.infer<typeof IpamShow>;
