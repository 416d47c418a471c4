import * as z from "zod/mini";
import { unknown } from "./common.ts";

export const SearchQuery = z.strictObject({ q: z.string().check(z.maxLength(256)) });

/** One hit; `href` is a page of ours, without origin. */
export const SearchItem = z.object({
  kind: z.enum(["pool", "block", "address", "namespace", "pod", "node"]),
  name: z.string(),
  namespace: z.optional(z.string()),
  detail: z.string(),
  href: z.string(),
});
export type SearchItem = z.infer<typeof SearchItem>;

export const SearchResult = z
  .object({ items: z.array(SearchItem), unknown })
  .register(z.globalRegistry, { id: "SearchResult" });
export type SearchResult = z.infer<typeof SearchResult>;
