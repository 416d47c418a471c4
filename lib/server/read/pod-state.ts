import type { Pod } from "../../contract/pods.ts";
import type { Inventory } from "../../inventory/inventory.ts";

/**
 * `noAddress`: on a node, without an address, and the kubelet has reported that its network could not be set up. Until it
 * does, the pod is pending like any other.
 */
export function podState({ pods }: Inventory, slot: number): Pod["state"] {
  const { table } = pods;
  if (table.isFinished(slot)) return "finished";
  if (table.isHostNetwork(slot)) return "hostNetwork";
  const hasIps = table.hasIps(slot);
  if (!hasIps && table.nodes[slot] !== 0 && pods.failureOf(table.row(slot))) return "noAddress";
  return !hasIps || table.phases[slot] === table.pendingId ? "pending" : "running";
}
