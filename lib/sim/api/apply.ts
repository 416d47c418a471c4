import { isEmptySet, minusSets, unionSets, type FieldSet } from "../fields/field-set.ts";
import { mergeApplied, withoutFields } from "../fields/merge-applied.ts";
import { isObject, type Json } from "../store/json.ts";
import { type KubeObject, objectKey } from "../store/kube-object.ts";
import { decodeObject, type FieldValidation, readYaml } from "./body.ts";
import { type Cluster, storageKey, type WriteOptions } from "./cluster.ts";
import { createObject } from "./create-object.ts";
import { appliedFields, checkConflicts, readManagers } from "./managed-fields.ts";
import type { ResourceRequest } from "./request.ts";
import type { ResourceType } from "./resource-type.ts";
import { ApiError, badRequest, notFound } from "./status.ts";
import { updateObject } from "./update-object.ts";

export interface Applied {
  readonly object: KubeObject;
  readonly created: boolean;
  readonly warnings: readonly string[];
}

/**
 * Server-side apply: sets what the configuration names, takes back what the same manager applied before and no longer
 * names (unless others want it too), and refuses to change others' fields unless `force`.
 * @throws ApiError 400, 404, 409, 422
 */
export function applyObject(
  cluster: Cluster,
  request: ResourceRequest,
  text: string,
  options: WriteOptions,
  validation: FieldValidation,
  force: boolean,
): Applied {
  const { type, namespace, name } = request;
  if (request.query.get("fieldManager") === null) throw managerRequired();
  const { object, warnings } = decodeObject(readConfiguration(text), type, validation);
  const configuration = object as KubeObject; // decodeObject gives it kind, apiVersion and metadata
  if (configuration.metadata.managedFields !== undefined) {
    throw badRequest("metadata.managedFields must be nil");
  }
  configuration.metadata.name ??= name;
  const fields = appliedFields(type, configuration);
  const live = cluster.store.collection(storageKey(type)).get(objectKey(namespace, name))?.object;
  if (live === undefined) {
    if (request.subresource !== "") throw notFound(type, name);
    const created = createObject(cluster, type, namespace, object, options, fields);
    return { object: created, created: true, warnings };
  }
  const merged = merge(type, live, configuration, options, fields);
  if (!force) checkConflicts(type, live, merged, options, fields);
  const change = (): KubeObject => merged;
  const updated = updateObject(cluster, type, namespace, name, change, options, fields);
  return { object: updated, created: false, warnings };
}

function readConfiguration(text: string): Json {
  try {
    return readYaml(text);
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : "not YAML"}`);
  }
}

function managerRequired(): ApiError {
  const cause = {
    reason: "FieldValueRequired",
    message: "Required value: is required for apply patch",
    field: "fieldManager",
  };
  return new ApiError(
    422,
    "Invalid",
    `PatchOptions.meta.k8s.io "" is invalid: fieldManager: ${cause.message}`,
    { details: { group: "meta.k8s.io", kind: "PatchOptions", causes: [cause] } },
  );
}

function merge(
  type: ResourceType,
  live: KubeObject,
  configuration: KubeObject,
  options: WriteOptions,
  fields: FieldSet,
): KubeObject {
  const managers = readManagers(live);
  const mine = managers.find(
    (entry) =>
      entry.manager === options.manager &&
      entry.operation === "Apply" &&
      entry.subresource === options.subresource,
  );
  const others = managers
    .filter((entry) => entry !== mine)
    .reduce((all, one) => unionSets(all, one.fields), {});
  const dropped = minusSets(minusSets(mine?.fields ?? {}, fields), others);
  const kept = isEmptySet(dropped) ? live : withoutFields(type.schema, live, dropped);
  const { uid, resourceVersion } = configuration.metadata;
  const merged = mergeApplied(type.schema, kept, configuration);
  if (!isObject(merged) || !isObject(merged["metadata"])) return live;
  const metadata = { ...merged["metadata"], uid: uid ?? "", resourceVersion: resourceVersion ?? "" };
  return { ...merged, metadata } as KubeObject; // both sides of the merge are objects of this kind
}
