import type { FieldSet } from "../fields/field-set.ts";
import { applyDefaults } from "../schema/defaults.ts";
import { cloneJson, equalJson, type JsonObject, ownValue } from "../store/json.ts";
import { type KubeObject, type Meta, objectKey } from "../store/kube-object.ts";
import type { Cluster, WriteOptions } from "./cluster.ts";
import { storageKey, strategyContext } from "./cluster.ts";
import { recordFields } from "./managed-fields.ts";
import type { ResourceType } from "./resource-type.ts";
import { badRequest, conflict, modifiedMeanwhile, notFound, wrongName } from "./status.ts";
import { validateObject } from "./validate-object.ts";

/**
 * Replaces one object by what `change` makes of it (a PUT body, or a patch applied). A `resourceVersion` or `uid` in the
 * result is a precondition. An update that changes nothing stores nothing.
 * @throws ApiError 400, 404, 409, 422
 */
export function updateObject(
  cluster: Cluster,
  type: ResourceType,
  namespace: string,
  name: string,
  change: (old: KubeObject) => JsonObject,
  options: WriteOptions,
  applied: FieldSet | null = null,
): KubeObject {
  const resource = storageKey(type);
  const entry = cluster.store.collection(resource).get(objectKey(namespace, name));
  if (entry === undefined) throw notFound(type, name);
  const old = entry.object;
  const next = cloneJson(change(old)) as KubeObject;
  checkPreconditions(type, old, next, name, namespace);
  keepSystemMetadata(old, next);
  keepOtherPart(type, old, next, options.subresource);
  const context = strategyContext(cluster);
  applyDefaults(type.schema, next);
  type.strategy.update?.(next, old, context);
  if (options.subresource !== "status") countGeneration(type, old, next);
  validateObject(type, next, old, options.subresource);
  recordFields(type, next, old, options, context.now, applied);
  if (unchanged(old, next)) return old;
  if (options.dryRun) return next;
  if (isReadyToVanish(next)) {
    cluster.store.remove(resource, entry.key);
    return next;
  }
  return cluster.store.put(resource, next).object;
}

/** An object whose deletion was asked for and that nothing holds any longer. */
export function isReadyToVanish(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata;
  if (deletionTimestamp === undefined || (finalizers ?? []).length > 0) return false;
  const spec = ownValue(object, "spec");
  const namespaceHeld =
    object.kind === "Namespace" && JSON.stringify(spec ?? {}).includes('"finalizers":["kubernetes"');
  return !namespaceHeld && (deletionGracePeriodSeconds ?? 0) === 0;
}

function checkPreconditions(
  type: ResourceType,
  old: KubeObject,
  next: KubeObject,
  name: string,
  namespace: string,
): void {
  const given = next.metadata;
  if (given.name !== name) throw wrongName(given.name ?? "", name);
  if (type.namespaced && (given.namespace ?? namespace) !== namespace) {
    throw badRequest(
      `the namespace of the object (${given.namespace ?? ""}) does not match the namespace on the URL (${namespace})`,
    );
  }
  const version = given.resourceVersion ?? "";
  if (version !== "" && version !== "0" && version !== old.metadata.resourceVersion) {
    throw conflict(type, name, modifiedMeanwhile);
  }
  const uid = given.uid ?? "";
  if (uid !== "" && uid !== old.metadata.uid) {
    throw conflict(
      type,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
}

/** What a client cannot change about an object's identity and deletion. */
function keepSystemMetadata(old: KubeObject, next: KubeObject): void {
  const { labels, annotations, ownerReferences, finalizers, managedFields } = next.metadata;
  const kept: Meta = {
    ...(old.metadata["generateName"] === undefined ? {} : { generateName: old.metadata["generateName"] }),
    name: old.metadata.name,
    ...(old.metadata.namespace === undefined ? {} : { namespace: old.metadata.namespace }),
    uid: old.metadata.uid,
    resourceVersion: old.metadata.resourceVersion,
    ...(old.metadata.generation === undefined ? {} : { generation: old.metadata.generation }),
    creationTimestamp: old.metadata.creationTimestamp,
  };
  const { deletionTimestamp, deletionGracePeriodSeconds } = old.metadata;
  if (deletionTimestamp !== undefined) kept.deletionTimestamp = deletionTimestamp;
  if (deletionGracePeriodSeconds !== undefined) kept.deletionGracePeriodSeconds = deletionGracePeriodSeconds;
  if (labels !== undefined && Object.keys(labels).length > 0) kept.labels = labels;
  if (annotations !== undefined && Object.keys(annotations).length > 0) kept.annotations = annotations;
  if (ownerReferences !== undefined && ownerReferences.length > 0) kept.ownerReferences = ownerReferences;
  if (finalizers !== undefined && finalizers.length > 0) kept.finalizers = finalizers;
  if (managedFields !== undefined) kept.managedFields = managedFields;
  next.apiVersion = old.apiVersion;
  next.kind = old.kind;
  next.metadata = kept;
}

/** A write to the object leaves its status alone; a write to the status leaves the rest alone. */
function keepOtherPart(type: ResourceType, old: KubeObject, next: KubeObject, subresource: string): void {
  if (!type.subresources.includes("status")) return;
  if (subresource === "binding" || subresource === "finalize") return;
  if (subresource !== "status") {
    copyMember(old, next, "status");
    return;
  }
  const { status, metadata } = next;
  for (const key of Object.keys(next)) delete next[key];
  Object.assign(next, old, { metadata: { ...old.metadata } });
  if (metadata.managedFields !== undefined) next.metadata.managedFields = metadata.managedFields;
  if (type.strategy.metadataWithStatus === true) {
    copyMember(metadata, next.metadata, "labels");
    copyMember(metadata, next.metadata, "annotations");
  }
  if (status === undefined) delete next["status"];
  else next["status"] = status;
}

function copyMember(from: JsonObject, to: JsonObject, key: string): void {
  const value = from[key];
  if (value === undefined) delete to[key];
  else to[key] = cloneJson(value);
}

function countGeneration(type: ResourceType, old: KubeObject, next: KubeObject): void {
  if (type.strategy.generation !== true) return;
  const ignored = new Set(["metadata", ...(type.subresources.includes("status") ? ["status"] : [])]);
  const keys = new Set([...Object.keys(old), ...Object.keys(next)]);
  const changed = [...keys].some((key) => !ignored.has(key) && !equalJson(old[key], next[key]));
  const annotated =
    type.strategy.annotationsCount === true &&
    !equalJson(old.metadata.annotations, next.metadata.annotations);
  if (changed || annotated) next.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

function unchanged(old: KubeObject, next: KubeObject): boolean {
  const strip = (object: KubeObject): JsonObject => {
    const { managedFields, ...metadata } = object.metadata;
    return { ...object, metadata, managers: (managedFields ?? []).map(withoutTime) };
  };
  return equalJson(strip(old), strip(next));
}

function withoutTime(entry: JsonObject[string]): JsonObject {
  const { time: _time, ...rest } = entry as JsonObject;
  return rest;
}
