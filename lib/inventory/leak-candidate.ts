import type { Address } from "../ipam/address.ts";
import type { BlockRow } from "./block-row.ts";
import type { Inventory } from "./inventory.ts";
import type { Kind } from "./kinds.ts";
import { type PodRow, podAddress } from "./pod-row.ts";

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
  const pod = inventory.pods.table.get(namespace, name);
  if (!pod) return inventory.pods.isLongGone(namespace, name);
  return !usesAddress(pod, inventory.interner.text(content.nodeId(index)), address);
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

/** `node`: on which the address is held; null: nobody knows. */
export function usesAddress(pod: PodRow, node: string | null, address: Address): boolean {
  if (node !== null && pod.node !== null && pod.node !== node) return false;
  if (pod.finished) return false;
  if (pod.ips.length === 0) return true;
  return pod.ips.some((ip) => {
    const own = podAddress(ip);
    return own !== null && own.family === address.family && own.value === address.value;
  });
}
