import * as z from "zod/mini";
import { Block } from "./blocks.ts";
import { Pool } from "./pools.ts";

/** The lists whose rows changed without being sent: ask them again. */
const touchables = ["pods", "namespaces", "nodes", "addresses", "activity"] as const;

/** How many there are, as the lists say without a filter; null: cannot be known. */
const Totals = z.object({
  pods: z.nullable(z.number()),
  namespaces: z.nullable(z.number()),
  nodes: z.nullable(z.number()),
});
export type Totals = z.infer<typeof Totals>;

/** Left out before the cluster has been read. */
const totals = z.optional(Totals);
/** As in `Cluster`. */
const reading = z.optional(z.string());
const stale = z.optional(z.boolean());
/** Milliseconds that a page lets pass, while changes go on, before it asks again for a touched list. */
const paceMs = z.optional(z.number());

/** First message of `GET events`. `version`: epoch.sequence. */
export const HelloEvent = z
  .object({ version: z.string(), totals, reading, stale, paceMs })
  .register(z.globalRegistry, { id: "HelloEvent" });
export type HelloEvent = z.infer<typeof HelloEvent>;

/** Rows that changed since the message before; `removed` holds names. */
export const ChangeEvent = z
  .object({
    version: z.string(),
    pools: z.array(Pool),
    blocks: z.array(Block),
    removed: z.object({ pools: z.array(z.string()), blocks: z.array(z.string()) }),
    touched: z.array(z.enum(touchables)),
    totals,
    reading,
    stale,
    paceMs,
  })
  .register(z.globalRegistry, { id: "ChangeEvent" });
export type ChangeEvent = z.infer<typeof ChangeEvent>;

/** The gap is too old or the epoch another: forget everything and ask again. */
export const ResetEvent = z
  .object({ version: z.string(), totals, reading, stale, paceMs })
  .register(z.globalRegistry, { id: "ResetEvent" });
export type ResetEvent = z.infer<typeof ResetEvent>;

/** `since`: the last version seen; what was missed is sent first. The header `Last-Event-ID` says the same. */
export const EventsQuery = z.strictObject({ since: z.optional(z.string().check(z.maxLength(64))) });
