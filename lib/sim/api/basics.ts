import type { JsonObject } from "../store/json.ts";
import { objectAt, textAt } from "../store/json.ts";
import { type Cluster, systemWrite } from "./cluster.ts";
import { createObject } from "./create-object.ts";

const writer = systemWrite("kube-apiserver");
const namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** What every cluster has: its namespaces and the given CustomResourceDefinitions. What is there already stays as it is. */
export function ensureBasics(cluster: Cluster, definitions: readonly JsonObject[]): void {
  for (const name of namespaces) {
    ensure(cluster, "", "namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  for (const definition of definitions) {
    ensure(cluster, "apiextensions.k8s.io", "customresourcedefinitions", definition);
  }
}

function ensure(cluster: Cluster, group: string, plural: string, object: JsonObject): void {
  const type = cluster.registry.find(group, "v1", plural);
  const resource = group === "" ? plural : `${plural}.${group}`;
  const name = textAt(objectAt(object, "metadata"), "name");
  if (type === null || cluster.store.collection(resource).get(name) !== undefined) return;
  createObject(cluster, type, "", object, writer);
}
