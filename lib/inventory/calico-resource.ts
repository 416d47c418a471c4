import { type ApiMode, type CalicoKind, type ServedKind, servedKind } from "../calico/dialect.ts";
import type { Inventory } from "./inventory.ts";

/** How this cluster serves Calico's objects. Throws while that is not known: whoever asks has made sure that it is. */
export function apiModeOf({ detection }: Pick<Inventory, "detection">): ApiMode {
  const mode = detection?.apiMode ?? null;
  if (mode === null) throw new Error("asked for Calico's API before it was found");
  return mode;
}

/** Where a kind of Calico is read and written in this cluster. Throws as `apiModeOf`. */
export function calicoResource(inventory: Pick<Inventory, "detection">, kind: CalicoKind): ServedKind {
  return servedKind(apiModeOf(inventory), kind);
}
