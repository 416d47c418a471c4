import type { Address } from "../ipam/address.ts";
import type { BlockRow } from "./block-row.ts";
import type { Inventory } from "./inventory.ts";
import type { Kind } from "./kinds.ts";
import type { PodTable } from "./pod-table.ts";

/** An allocation younger than this may be of a pod that we have not heard of yet. */
const youngMs = 30_000;

/**
 * Nobody is seen using the address although it is allocated: what kube-controllers would call a leak if it stayed so for
 * its grace period. Null: it cannot be said, because what would use it has not been or may not be read.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/node/ipam.go allocationIsValid
 */
export function isLeakCandidate(
  inventory: Inventory,
  block: BlockRow,
  index: number,
  address: Address,
): boolean | null {
  const { content } = block;
  const kind = content.kind(index);
  if (kind === "tunnel") return isNodeGone(inventory, content.nodeId(index));
  // The rest is never judged: a VM outlives its pods, and who owns the others cannot be looked up.
  if (kind !== "pod") return false;
  if (!inventory.states.knows("pods")) return null;
  if (inventory.clock.now() - content.since(index) < youngMs) return false;
  const namespace = inventory.interner.text(content.namespaceId(index));
  const name = content.name(index);
  if (namespace === null || name === null) return false;
  const { table } = inventory.pods;
  const slot = table.findIn(content.namespaceId(index), name);
  if (slot < 0) return inventory.pods.isLongGone(namespace, name);
  return !usesAddress(table, slot, content.nodeId(index), address);
}

/** The kind that would tell; for the `unknown` entry. */
export function leakEvidence(kind: string | null): Kind {
  return kind === "tunnel" ? "nodes" : "pods";
}

function isNodeGone(inventory: Inventory, node: number): boolean | null {
  if (!inventory.states.knows("nodes")) return null;
  const name = inventory.interner.text(node);
  return name !== null && !inventory.nodes.table.get("", name);
}

/** Whether the pod in `slot` uses the address. `node`: id of the one on which it is held; 0: nobody knows. */
export function usesAddress(table: PodTable, slot: number, node: number, address: Address): boolean {
  const own = table.nodes[slot];
  if (node !== 0 && own !== 0 && own !== node) return false;
  if (table.isFinished(slot)) return false;
  return !table.hasIps(slot) || table.hasAddress(slot, address);
}
