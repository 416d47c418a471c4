import { z } from "zod";

/** `nodes`: with the column that says who owns each block. */
export const PoolMapQuery = z.strictObject({
  format: z.enum(["binary", "json"]).optional(),
  nodes: z.enum(["true", "false"]).optional(),
});
