import { isObject, type JsonObject, textAt } from "../store/json.ts";
import { type KubeObject, objectKey, timestamp } from "../store/kube-object.ts";
import { type Cluster, storageKey } from "./cluster.ts";
import type { ResourceType } from "./resource-type.ts";
import { conflict, forbidden, notFound, quote } from "./status.ts";
import { isReadyToVanish } from "./update-object.ts";
import { isDryRun, unsupportedOption } from "./write-options.ts";

type Propagation = "Background" | "Foreground" | "Orphan";

export interface DeleteOptions {
  /** Null: the kind's own default. */
  readonly graceSeconds: number | null;
  readonly propagation: Propagation | null;
  /** "" means no precondition. */
  readonly uid: string;
  readonly resourceVersion: string;
  readonly dryRun: boolean;
}

export const deleteNow: DeleteOptions = {
  graceSeconds: null,
  propagation: "Background",
  uid: "",
  resourceVersion: "",
  dryRun: false,
};

/** Options from a DELETE's body and query; the body wins. @throws ApiError 422 */
export function readDeleteOptions(body: JsonObject, query: URLSearchParams): DeleteOptions {
  const grace = body["gracePeriodSeconds"] ?? query.get("gracePeriodSeconds");
  const propagation = body["propagationPolicy"] ?? query.get("propagationPolicy");
  const orphans = body["orphanDependents"] ?? query.get("orphanDependents");
  const preconditions = isObject(body["preconditions"]) ? body["preconditions"] : {};
  const dryRun = [...query.getAll("dryRun"), ...(Array.isArray(body["dryRun"]) ? body["dryRun"] : [])];
  return {
    graceSeconds: grace === null || grace === undefined || grace === "" ? null : Number(grace),
    propagation: readPropagation(propagation ?? null, orphans ?? null),
    uid: textAt(preconditions, "uid"),
    resourceVersion: textAt(preconditions, "resourceVersion"),
    dryRun: isDryRun(dryRun.map(String), "DeleteOptions"),
  };
}

function readPropagation(policy: unknown, orphans: unknown): Propagation | null {
  if (policy === "Background" || policy === "Foreground" || policy === "Orphan") return policy;
  if (policy !== null && policy !== "") {
    const policies = ["Foreground", "Background", "Orphan", "nil"];
    throw unsupportedOption("DeleteOptions", "propagationPolicy", quote(String(policy)), policies);
  }
  return orphans === true || orphans === "true" ? "Orphan" : null;
}

const undeletable = new Set(["default", "kube-public", "kube-system"]);
const policyFinalizers = new Set(["orphan", "foregroundDeletion"]);

export interface Deletion {
  /** The object as it stands now, or as it last was. */
  readonly object: KubeObject;
  /** False: it stays until finalizers are gone or a node agent confirms. */
  readonly isGone: boolean;
}

/**
 * Deletes one object, or starts its deletion where something must happen first.
 * @throws ApiError 403, 404, 409
 */
export function deleteObject(
  cluster: Cluster,
  type: ResourceType,
  namespace: string,
  name: string,
  options: DeleteOptions,
): Deletion {
  const resource = storageKey(type);
  const entry = cluster.store.collection(resource).get(objectKey(namespace, name));
  if (entry === undefined) throw notFound(type, name);
  const old = entry.object;
  checkPreconditions(type, old, options);
  if (resource === "namespaces" && undeletable.has(name)) {
    throw forbidden(type, name, "this namespace may not be deleted");
  }
  const grace = Math.max(0, type.strategy.gracePeriod?.(old, options.graceSeconds) ?? 0);
  const finalizers = (old.metadata.finalizers ?? []).filter((one) => !policyFinalizers.has(one));
  if (options.propagation === "Foreground") finalizers.push("foregroundDeletion");
  if (options.propagation === "Orphan") finalizers.push("orphan");

  const next = marked(cluster, type, old, finalizers, grace);
  if (isReadyToVanish(next)) {
    if (options.dryRun) return { object: old, isGone: true };
    return { object: cluster.store.remove(resource, entry.key)?.object ?? old, isGone: true };
  }
  if (options.dryRun) return { object: next, isGone: false };
  if (JSON.stringify(next.metadata) === JSON.stringify(old.metadata)) return { object: old, isGone: false };
  return { object: cluster.store.put(resource, next).object, isGone: false };
}

/** @throws ApiError 409 when the object is another one, or another version, than the options ask for */
export function checkPreconditions(type: ResourceType, old: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion, name } = old.metadata;
  if (options.uid !== "" && options.uid !== uid) {
    throw conflict(
      { ...type, plural: type.kind },
      name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (options.resourceVersion !== "" && options.resourceVersion !== resourceVersion) {
    throw conflict(
      { ...type, plural: type.kind },
      name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

/** The object with its deletion asked for. A second request can only bring the end nearer. */
function marked(
  cluster: Cluster,
  type: ResourceType,
  old: KubeObject,
  finalizers: string[],
  grace: number,
): KubeObject {
  const { finalizers: _finalizers, ...metadata } = old.metadata;
  const before = metadata.deletionGracePeriodSeconds;
  const isFirst = metadata.deletionTimestamp === undefined;
  const shortened = before === undefined ? grace : Math.min(before, grace);
  if (isFirst || shortened !== before) {
    metadata.deletionTimestamp = timestamp(cluster.now() + shortened * 1000);
    metadata.deletionGracePeriodSeconds = shortened;
    if (type.strategy.generation === true && isFirst) metadata.generation = (metadata.generation ?? 0) + 1;
  }
  const next: KubeObject = { ...old, metadata };
  if (finalizers.length > 0) next.metadata.finalizers = finalizers;
  type.strategy.markDeleted?.(next);
  return next;
}
