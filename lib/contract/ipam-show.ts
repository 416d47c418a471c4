import { z } from "zod";
import { Count, unknown } from "./common.ts";

export const layouts = ["v3.32", "v3.33"] as const;

export const IpamShowQuery = z.strictObject({
  blocks: z.enum(["true", "false"]).optional(),
  format: z.enum(["json", "text", "csv"]).optional(),
  layout: z.enum(layouts).optional(),
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
        pool: z.string().nullable(),
        total: Count,
        inUse: Count,
        /** Null in the v3.32 layout, which does not know reservations. */
        reserved: Count.nullable(),
        free: Count,
        cells: z.array(z.string()),
      }),
    ),
    unknown,
  })
  .meta({ id: "IpamShow" });
export type IpamShow = z.infer<typeof IpamShow>;
