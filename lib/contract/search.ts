import { z } from "zod";
import { unknown } from "./common.ts";

export const SearchQuery = z.strictObject({ q: z.string().max(256) });

/** One hit; `href` is a page of ours, without origin. */
export const SearchItem = z.object({
  kind: z.enum(["pool", "block", "address", "namespace", "pod", "node"]),
  name: z.string(),
  namespace: z.string().optional(),
  detail: z.string(),
  href: z.string(),
});
export type SearchItem = z.infer<typeof SearchItem>;

export const SearchResult = z.object({ items: z.array(SearchItem), unknown }).meta({ id: "SearchResult" });
export type SearchResult = z.infer<typeof SearchResult>;
