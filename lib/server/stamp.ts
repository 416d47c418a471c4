import type { Inventory } from "../inventory/inventory.ts";

/** The data's version and age at the moment the work began. Before there is data, its age is that of the process. */
export function inventoryStamp(inventory: Inventory | null): Record<string, string> {
  const age = inventory?.ageMs() ?? performance.now();
  return {
    "x-poolboard-version": inventory?.version ?? "0.0",
    "x-poolboard-age-ms": String(Math.round(age)),
  };
}
