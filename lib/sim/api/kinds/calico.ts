import type { Strategy } from "../resource-type.ts";

/** Rules of Calico's kinds that a schema cannot say. */
export function calicoChecks(_group: string, _plural: string): Strategy {
  return {};
}
