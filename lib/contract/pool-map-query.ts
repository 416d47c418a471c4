import * as z from "zod/mini";
import { type MapColumn, mapColumns } from "./pool-map.ts";

const isMapColumn = (word: string): word is MapColumn => mapColumns.some((column) => column === word);

/** `node,claimed` as columns, in their own order and each once. */
const MapColumns = z.pipe(
  z.string().check(
    z.maxLength(64),
    z.refine((text) => text.split(",").every(isMapColumn), `must be some of ${mapColumns.join(",")}`),
  ),
  z.transform((text) => mapColumns.filter((column) => text.split(",").includes(column))),
);

/**
 * `with`: columns beyond `used` and `flags`. `addresses`: a CIDR inside the pool of at most 65,536 addresses, of which the
 * answer then is, address by address (`address-map.ts`). `since`: the `state` of a map that the caller has, which may be answered
 * with what has changed since then (`pool-map-patch.ts`).
 */
export const PoolMapQuery = z
  .strictObject({
    format: z.optional(z.enum(["binary", "json"])),
    with: z.optional(MapColumns),
    addresses: z.optional(z.string().check(z.maxLength(64))),
    since: z.optional(z.string().check(z.maxLength(64))),
  })
  .check(
    z.refine(
      (query) => query.addresses === undefined || (!query.with && !query.format && query.since === undefined),
      { path: ["addresses"], message: "goes with none of `with`, `format` and `since`" },
    ),
    z.refine((query) => query.since === undefined || query.format !== "json", {
      path: ["since"],
      message: "goes with binary maps only",
    }),
  );
