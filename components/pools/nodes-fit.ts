import type { Pool } from "@/lib/contract/pools.ts";
import { countText } from "../ui/count.ts";

/** How many nodes can still claim their first block of the pool. */
export type NodesFit =
  | { readonly kind: "count"; readonly count: string; readonly note: string }
  /** So many that no cluster has them. */
  | { readonly kind: "any"; readonly note: string }
  | { readonly kind: "notApplicable"; readonly note: string }
  | { readonly kind: "unknown"; readonly note: string };

const perNode = "at one block each";

/** More blocks than nodes anybody runs. */
const boundless = 2n ** 32n;

export function nodesFit({
  nodes,
  state,
  fragmentation,
}: Pick<Pool, "nodes" | "state" | "fragmentation">): NodesFit {
  if (nodes.serves === false) {
    const note = state.allocatable ? "it gives pods no addresses" : "it gives no new addresses";
    return { kind: "notApplicable", note };
  }
  if (nodes.fit === null || nodes.serves === null) return { kind: "unknown", note: perNode };
  if (BigInt(nodes.fit) > boundless) return { kind: "any", note: perNode };
  const { newNode, takeable } = fragmentation;
  const more = newNode === "takesOver" ? `; ${countText(takeable ?? "0")} empty ones can be taken over` : "";
  return { kind: "count", count: nodes.fit, note: `${perNode}${more}` };
}
