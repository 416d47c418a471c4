import { addressAt } from "../../ipam/cidr.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { isLeakCandidate, usesAddress } from "../../inventory/leak-candidate.ts";
import type { Row } from "../../inventory/table.ts";

/** Whether one of some addresses of a block is a leak candidate, and how long that can be relied on. */
export interface LeakJudgement {
  /** Ordinal of a leak candidate: there is one for as long as this is one. Null: there is none, as far as can be judged. */
  readonly suspect: number | null;
  /** Rows of nodes that the judgement stands and falls with. */
  readonly nodes: readonly Row[];
  /** False: time alone may change it. Otherwise it holds until the block's watchers are told. */
  readonly isSettled: boolean;
}

/** Looks through the ordinals, both included. Judging an address by the name of its pod takes longer than drawing it. */
export function judgeLeaks(
  inventory: Inventory,
  block: BlockRow,
  first: number,
  last: number,
): LeakJudgement {
  const nodes: Row[] = [];
  let isSettled = true;
  for (let ordinal = first; ordinal <= last; ordinal++) {
    const index = block.content.slot(ordinal);
    if (index < 0) continue;
    const user = userOf(inventory, block, index, ordinal);
    if (user === "none") continue;
    if (user !== "unclear") {
      nodes.push(user);
      continue;
    }
    if (isSuspect(inventory, block, ordinal)) return { suspect: ordinal, nodes: [], isSettled: true };
    isSettled = false;
  }
  return { suspect: null, nodes, isSettled };
}

export function isSuspect(inventory: Inventory, block: BlockRow, ordinal: number): boolean {
  const { cidr, content } = block;
  return isLeakCandidate(inventory, block, content.slot(ordinal), addressAt(cidr, ordinal)) === true;
}

/**
 * The node whose tunnel has the address; none: nothing has to be watched, as it is not judged, or a pod uses it whose own
 * row names it, and when that changes the block's watchers are told; unclear: it has to be judged.
 */
function userOf(
  { interner, nodes, pods, states }: Inventory,
  { content, cidr }: BlockRow,
  index: number,
  ordinal: number,
): Row | "none" | "unclear" {
  const kind = content.kind(index);
  if (kind === "tunnel") {
    if (!states.knows("nodes")) return "none";
    return nodes.table.get("", interner.text(content.nodeId(index)) ?? "") ?? "unclear";
  }
  if (kind !== "pod" || !states.knows("pods")) return "none";
  const namespace = interner.text(content.namespaceId(index));
  const name = content.name(index);
  if (namespace === null || name === null) return "none";
  const pod = pods.table.findIn(content.namespaceId(index), name);
  if (pod < 0 || !pods.table.hasIps(pod)) return "unclear";
  return usesAddress(pods.table, pod, content.nodeId(index), addressAt(cidr, ordinal)) ? "none" : "unclear";
}
