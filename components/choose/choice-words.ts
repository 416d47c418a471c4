import type { Choice } from "@/lib/contract/choice.ts";

/** How the block was found, as one sentence; null where there is none. */
export function blockWords({ node, block, blockHow, pool, pools, lender }: Choice): string | null {
  const isFirst = pools.find(({ eligible }) => eligible)?.name === pool;
  switch (blockHow) {
    case "held":
      return `${node} holds ${block ?? "its block"} already, and a node fills its own blocks first${isFirst ? "" : ", whatever the order of the pools"}.`;
    case "claimed":
      return `${node} has no free address in its own blocks of these pools, so it claims ${block ?? "another block"}${isFirst ? "" : "; the pools before have none left to claim"}.`;
    case "borrowed":
      return `No block is left to claim, so ${node} borrows from ${block ?? "a block"}, ${lender === null ? "which no node owns" : `a block of ${lender}`}.`;
    case null:
      return null;
  }
}

/** What decides which pools are tried. */
export function sourceWords({ source, namespace, asked }: Choice): string {
  switch (source) {
    case "pod":
      return `The pod's own annotation decides: ${asked ?? ""}`;
    case "namespace":
      return `The annotation of namespace ${namespace} decides: ${asked ?? ""}`;
    case "cniConfig":
      return `The CNI configuration decides: ${asked ?? ""}`;
    case "automatic":
      return "Nothing names pools, so the selectors of the automatic ones decide, in the order of their names.";
    case null:
      return "The CNI configuration may name pools, and it cannot be read; this is what holds if it does not.";
  }
}

/** Where the block is shown. */
export function blockHref(pool: string | null, block: string): string {
  const name = block.replaceAll(/[.:/]/g, "-");
  return pool === null
    ? `/addresses?block=${encodeURIComponent(name)}`
    : `/pools/${encodeURIComponent(pool)}?tab=blocks&block=${encodeURIComponent(name)}`;
}
