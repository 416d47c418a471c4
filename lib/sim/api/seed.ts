import { randomUUID } from "node:crypto";
import { objectMeta } from "../schema/core/meta.ts";
import { typeMismatch } from "../schema/go-types.ts";
import { type JsonObject, objectAt, textAt } from "../store/json.ts";
import { type KubeObject, type Meta, timestamp } from "../store/kube-object.ts";
import { type Cluster, storageKey } from "./cluster.ts";
import type { ResourceType } from "./resource-type.ts";

class SeedError extends Error {
  override readonly name = "SeedError";
}

/**
 * Stores objects as they are, adding only uid, creation time and generation where they are missing. Objects of a kind whose
 * CustomResourceDefinition comes in the same call must follow it.
 * @throws SeedError for an object without a name, with metadata no API server decodes, or of a kind that is not served
 */
export function seedObjects(cluster: Cluster, objects: Iterable<JsonObject>): void {
  const now = timestamp(cluster.now());
  const types = new Map<string, ResourceType>();
  for (const object of objects) {
    const apiVersion = textAt(object, "apiVersion");
    const kind = textAt(object, "kind");
    const known = types.get(`${apiVersion}/${kind}`) ?? cluster.registry.findKind(apiVersion, kind);
    if (known === null) throw new SeedError(`${apiVersion} ${kind} is not served`);
    types.set(`${apiVersion}/${kind}`, known);
    cluster.store.load(storageKey(known), [complete(object, known, now)]);
  }
}

function complete(object: JsonObject, type: ResourceType, now: string): KubeObject {
  const given = objectAt(object, "metadata");
  const name = textAt(given, "name");
  if (name === "") throw new SeedError(`a ${type.kind} without a name`);
  const misfit = typeMismatch("ObjectMeta", objectMeta, given);
  if (misfit !== "") throw new SeedError(`${type.kind} ${name}: no cluster could hold it: ${misfit}`);
  const namespace = textAt(given, "namespace") || "default";
  const metadata: Meta = {
    name,
    ...(type.namespaced ? { namespace } : {}),
    uid: randomUUID(),
    resourceVersion: "",
    creationTimestamp: now,
    ...(type.strategy.generation === true ? { generation: 1 } : {}),
    ...given,
  };
  return { ...object, apiVersion: textAt(object, "apiVersion"), kind: type.kind, metadata };
}
