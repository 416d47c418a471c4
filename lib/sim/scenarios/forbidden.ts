import type { RawObject, ScenarioOptions } from "./builder.ts";
import { tutorialDone } from "./tutorial-done.ts";

/** What the person who opened Poolboard may not do there. */
const refused: readonly (readonly [group: string, resource: string])[] = [
  ["", "pods"],
  ["crd.projectcalico.org", "ipamblocks"],
  ["crd.projectcalico.org", "blockaffinities"],
  ["crd.projectcalico.org", "ipreservations"],
];

/** The tutorial's cluster, seen by somebody who may read pools, nodes and namespaces, and change nothing. */
export function forbidden(options: ScenarioOptions): Iterable<RawObject> {
  return tutorialDone(options);
}

export function viewerMay(access: {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
}): boolean {
  const { verb, group, resource } = access;
  if (group === "authorization.k8s.io" || group === "authentication.k8s.io") return true;
  if (verb !== "get" && verb !== "list" && verb !== "watch") return false;
  return !refused.some(([g, r]) => g === group && (resource === r || resource.startsWith(`${r}/`)));
}
