import type { Inventory } from "../inventory/inventory.ts";

/** The data's version and age at the moment the work began. Before there is data, its age is that of the process. */
export function inventoryStamp(inventory: Inventory | null): Record<string, string> {
  return stampOf(inventory?.version ?? "0.0", inventory?.ageMs() ?? performance.now());
}

export function stampOf(version: string, ageMs: number): Record<string, string> {
  return { "x-poolboard-version": version, "x-poolboard-age-ms": String(Math.round(ageMs)) };
}
