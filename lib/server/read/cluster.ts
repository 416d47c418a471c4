import type { Cluster, ClusterQuery } from "../../contract/cluster.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { lastChange } from "../../inventory/last-change.ts";
import { ReadError } from "./read-error.ts";
import { remembered } from "./remembered.ts";

/** The cluster and how its Calico was recognised. Throws 503 until it has been looked at once. */
export function readCluster(inventory: Inventory, query: ClusterQuery = {}): Cluster {
  const { detection, phase } = inventory;
  if (!detection) {
    const starting = phase.status === "starting";
    throw new ReadError({
      status: 503,
      code: "starting",
      detail: `Poolboard is ${starting ? phase.progress : "looking at the cluster"}.`,
      trouble: starting ? phase.trouble : null,
      retryAfterSeconds: 1,
    });
  }
  const { detected, cni, ipam, version, apiMode, detectedBy, stopReason } = detection;
  return {
    name: inventory.connection?.name ?? "unnamed",
    kubernetesVersion: detection.kubernetesVersion,
    calico: {
      detected,
      cni,
      ipam,
      version,
      // Calico's API may be served although another IPAM is at work; then nothing of it is for us.
      apiMode: detected ? apiMode : null,
      detectedBy: stopReason === null ? detectedBy : `${detectedBy}. ${stopReason}`,
    },
    readOnly: inventory.readOnly,
    ready: phase.status !== "starting",
    ...inReading(inventory),
    stale: inventory.stale,
    ...(query.lastChange === "true" && detected ? changedAt(inventory) : {}),
  };
}

/** What is not read yet, for whoever shows how far that is; empty once everything is. */
export function inReading({ phase, states }: Inventory): Pick<Cluster, "reading"> {
  const { progress } = states;
  return phase.status === "stopped" || progress === "" ? {} : { reading: progress };
}

function changedAt(inventory: Inventory): Pick<Cluster, "lastChange" | "unknown"> {
  const missing = inventory.states.unsettled;
  if (missing) return { lastChange: null, unknown: [{ field: "lastChange", ...missing }] };
  const { at } = remembered(inventory, "last change", () => ({ at: lastChange(inventory) }));
  return { lastChange: at === null ? null : new Date(at).toISOString() };
}
