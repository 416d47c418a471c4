import type { Cluster } from "../api/cluster.ts";
import { systemWrite } from "../api/cluster.ts";
import { createObject } from "../api/create-object.ts";
import { updateObject } from "../api/update-object.ts";
import type { CalicoLevel } from "../schema/calico/level.ts";
import type { JsonObject } from "../store/json.ts";
import { timestamp } from "../store/kube-object.ts";
import { aggregatedKinds } from "./kinds.ts";

const name = "v3.projectcalico.org";
const writer = systemWrite("kube-aggregator");

/** Whether this store belongs to a cluster with Calico's API server. */
export function hasAggregatedApi({ store }: Pick<Cluster, "store">): boolean {
  return store.collection("apiservices.apiregistration.k8s.io").get(name) !== undefined;
}

/** Serves `projectcalico.org/v3` beside the v1 CRDs, and the APIService by which it is known. */
export function addAggregatedApi(cluster: Cluster, level: CalicoLevel): void {
  for (const type of aggregatedKinds(level)) cluster.registry.add(type);
  ensureApiService(cluster);
}

/** As the operator makes it. */
function ensureApiService(cluster: Cluster): void {
  const type = cluster.registry.find("apiregistration.k8s.io", "v1", "apiservices");
  if (type === null || hasAggregatedApi(cluster)) return;
  const service = {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name },
    spec: {
      group: "projectcalico.org",
      groupPriorityMinimum: 1500,
      service: { name: "calico-api", namespace: "calico-system", port: 443 },
      version: "v3",
      versionPriority: 200,
    },
    status: { conditions: [condition(cluster, true)] },
  };
  createObject(cluster, type, "", service, writer);
}

/** Notes whether Calico's API server answers. */
export function noteAvailability(cluster: Cluster, isUp: boolean): void {
  const type = cluster.registry.find("apiregistration.k8s.io", "v1", "apiservices");
  if (type === null || !hasAggregatedApi(cluster)) return;
  const change = (old: JsonObject): JsonObject => ({
    ...old,
    status: { conditions: [condition(cluster, isUp)] },
  });
  updateObject(cluster, type, "", name, change, { ...writer, subresource: "status" });
}

function condition(cluster: Cluster, isUp: boolean): JsonObject {
  const lastTransitionTime = timestamp(cluster.now());
  return isUp
    ? {
        type: "Available",
        status: "True",
        reason: "Passed",
        message: "all checks passed",
        lastTransitionTime,
      }
    : {
        type: "Available",
        status: "False",
        reason: "MissingEndpoints",
        message: 'endpoints for service/calico-api in "calico-system" have no addresses with port name ""',
        lastTransitionTime,
      };
}
