import { isObject, type JsonObject } from "../store/json.ts";
import { type KubeObject, objectKey } from "../store/kube-object.ts";
import { decodeObject, type FieldValidation, readYaml } from "./body.ts";
import { type Cluster, storageKey, type WriteOptions } from "./cluster.ts";
import { createObject } from "./create-object.ts";
import { applyMergePatch } from "./merge-patch.ts";
import type { ResourceRequest } from "./request.ts";
import { badRequest } from "./status.ts";
import { updateObject } from "./update-object.ts";

export interface Applied {
  readonly object: KubeObject;
  readonly created: boolean;
  readonly warnings: readonly string[];
}

/** Server-side apply. @throws ApiError */
export function applyObject(
  cluster: Cluster,
  request: ResourceRequest,
  text: string,
  options: WriteOptions,
  validation: FieldValidation,
  _force: boolean,
): Applied {
  const { type, namespace, name } = request;
  let document;
  try {
    document = readYaml(text);
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : "not YAML"}`);
  }
  const { object, warnings } = decodeObject(document, type, validation);
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  metadata["name"] ??= name;
  const key = objectKey(namespace, name);
  if (cluster.store.collection(storageKey(type)).get(key) === undefined) {
    return { object: createObject(cluster, type, namespace, object, options), created: true, warnings };
  }
  const change = (old: KubeObject): JsonObject => {
    const merged = applyMergePatch(old, object);
    return isObject(merged) ? merged : old;
  };
  return { object: updateObject(cluster, type, namespace, name, change, options), created: false, warnings };
}
