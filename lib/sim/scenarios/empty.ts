import type { RawObject, ScenarioOptions } from "./builder.ts";
import { ClusterBuilder } from "./builder.ts";
import { addCalicoInstall } from "./calico-install.ts";

/** Calico is installed, and that is all: no node, no pool. */
export function empty(options: ScenarioOptions): Iterable<RawObject> {
  const builder = new ClusterBuilder("empty", options, 60);
  addCalicoInstall(builder, { ipamConfig: null });
  return builder.objects();
}
