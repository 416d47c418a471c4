import type { SearchItem } from "@/lib/contract/search.ts";

const titles: Record<SearchItem["kind"], string> = {
  address: "Addresses",
  block: "Blocks and pools",
  pool: "Blocks and pools",
  namespace: "Namespaces",
  pod: "Pods",
  node: "Nodes",
};

/** Hits under the title of their kind; groups and hits in the order the server ranked them. */
export function groupHits(
  hits: readonly SearchItem[],
): readonly { readonly title: string; readonly items: readonly SearchItem[] }[] {
  const groups = new Map<string, SearchItem[]>();
  for (const hit of hits) {
    const title = titles[hit.kind];
    const group = groups.get(title);
    if (group) group.push(hit);
    else groups.set(title, [hit]);
  }
  return [...groups].map(([title, items]) => ({ title, items }));
}
