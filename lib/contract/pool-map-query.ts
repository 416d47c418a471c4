import { z } from "zod";
import { type MapColumn, mapColumns } from "./pool-map.ts";

const isMapColumn = (word: string): word is MapColumn => mapColumns.some((column) => column === word);

/** `node,claimed` as columns, in their own order and each once. */
const MapColumns = z
  .string()
  .max(64)
  .refine((text) => text.split(",").every(isMapColumn), `must be some of ${mapColumns.join(",")}`)
  .transform((text) => mapColumns.filter((column) => text.split(",").includes(column)));

/**
 * `with`: columns beyond `used` and `flags`. `addresses`: a CIDR inside the pool of at most 65,536 addresses, of which the
 * answer then is, address by address (`address-map.ts`).
 */
export const PoolMapQuery = z
  .strictObject({
    format: z.enum(["binary", "json"]).optional(),
    with: MapColumns.optional(),
    addresses: z.string().max(64).optional(),
  })
  .refine((query) => query.addresses === undefined || (!query.with && !query.format), {
    path: ["addresses"],
    message: "goes with neither `with` nor `format`",
  });
