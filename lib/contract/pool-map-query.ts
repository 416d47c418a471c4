import { z } from "zod";

export const PoolMapQuery = z.strictObject({ format: z.enum(["binary", "json"]).optional() });
