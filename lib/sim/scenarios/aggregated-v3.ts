import { toV1 } from "../aggregated/translate.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { RawObject, ScenarioOptions } from "./builder.ts";
import { addRefusedPod, disablePool, settledWorld } from "./settled-world.ts";
import { workersOf } from "./story-cluster.ts";
import { addWorkloads } from "./system-workloads.ts";

/** Calico's API server in front of the v1 CRDs: pools that it wrote keep most of their metadata in an annotation. */
export function aggregatedV3(options: ScenarioOptions): Iterable<RawObject> {
  const builder = settledWorld("aggregated-v3", options, "aggr");
  const image = `quay.io/calico/apiserver:${builder.calicoVersion}`;
  const row = ["calico-system/calico-apiserver", image, workersOf(builder).slice(0, 2)] as const;
  addWorkloads(builder, [row], new Set(["calico-system"]));
  disablePool(builder, "legacy-ipip");
  addRefusedPod(builder, "mainframe-gw", "bridge-canary", "10.48.0.0/18");
  for (const { name } of builder.ipam.snapshot.pools) builder.changePool(name, stored);
  return builder.objects();
}

function stored(pool: RawObject): RawObject {
  // A scenario's objects are JSON; the resource version comes when they are loaded.
  const object = { ...pool, metadata: { resourceVersion: "", ...pool.metadata } } as unknown as KubeObject;
  const { resourceVersion: _, ...metadata } = toV1("IPPool", object, object, "").metadata;
  return { ...pool, metadata: { generation: 1, ...metadata } };
}
