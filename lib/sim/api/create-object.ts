import { randomInt, randomUUID } from "node:crypto";
import type { FieldSet } from "../fields/field-set.ts";
import { applyDefaults } from "../schema/defaults.ts";
import { cloneJson, type JsonObject } from "../store/json.ts";
import { type KubeObject, type Meta, objectKey, timestamp } from "../store/kube-object.ts";
import type { Cluster, WriteOptions } from "./cluster.ts";
import { storageKey, strategyContext } from "./cluster.ts";
import { recordFields } from "./managed-fields.ts";
import type { ResourceType } from "./resource-type.ts";
import { alreadyExists, ApiError, badRequest, forbidden } from "./status.ts";
import { validateObject } from "./validate-object.ts";

const suffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";
const longestGeneratedBase = 58;

/** Kubernetes' five-character name suffix. Source: kubernetes/apimachinery pkg/util/rand SafeEncodeString alphabet */
function nameSuffix(): string {
  return Array.from({ length: 5 }, () => suffixAlphabet.charAt(randomInt(suffixAlphabet.length))).join("");
}

/**
 * Creates one object; `input` is a decoded body of the right kind and is not changed.
 * @throws ApiError 400, 403, 404, 409, 422
 */
export function createObject(
  cluster: Cluster,
  type: ResourceType,
  namespace: string,
  input: JsonObject,
  options: WriteOptions,
  applied: FieldSet | null = null,
): KubeObject {
  const object = cloneJson(input) as KubeObject; // decodeBody has checked apiVersion, kind and metadata
  prepareMetadata(cluster, type, namespace, object);
  if (type.namespaced) checkNamespace(cluster, type, namespace, object.metadata.name);
  const context = strategyContext(cluster);
  const { strategy } = type;
  if (type.subresources.includes("status") && strategy.keepStatusOnCreate !== true) delete object["status"];
  if (strategy.generation === true) object.metadata.generation = 1;
  applyDefaults(type.schema, object);
  strategy.create?.(object, context);
  validateObject(type, object, null, options.subresource);
  const key = objectKey(namespace, object.metadata.name);
  const existing = cluster.store.collection(storageKey(type)).get(key);
  if (existing !== undefined) throw alreadyExists(type, object.metadata.name);
  recordFields(type, object, null, options, context.now, applied);
  return options.dryRun ? withoutVersion(object) : cluster.store.put(storageKey(type), object).object;
}

/** What is not stored has no version. */
function withoutVersion({ apiVersion, kind, metadata, ...rest }: KubeObject): KubeObject {
  const { resourceVersion: _, ...others } = metadata;
  return { apiVersion, kind, metadata: others as Meta, ...rest };
}

function prepareMetadata(cluster: Cluster, type: ResourceType, namespace: string, object: KubeObject): void {
  const { metadata } = object;
  const stated = metadata.namespace ?? "";
  if (stated !== "" && stated !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if ((metadata.resourceVersion ?? "") !== "") {
    throw new ApiError(500, "", "resourceVersion should not be set on objects to be created");
  }
  const base = metadata["generateName"];
  if ((metadata.name ?? "") === "" && typeof base === "string" && base !== "") {
    metadata.name = base.slice(0, longestGeneratedBase) + nameSuffix();
  }
  const { name = "", labels, annotations, ownerReferences, finalizers, ...rest } = metadata;
  delete rest["deletionTimestamp"];
  delete rest["deletionGracePeriodSeconds"];
  delete rest["selfLink"];
  delete rest["managedFields"];
  delete rest["generation"];
  object.metadata = {
    ...(typeof base === "string" && base !== "" ? { generateName: base } : {}),
    name,
    ...(type.namespaced ? { namespace } : {}),
    uid: randomUUID(),
    resourceVersion: "",
    creationTimestamp: timestamp(cluster.now()),
    ...(isFilled(labels) ? { labels } : {}),
    ...(isFilled(annotations) ? { annotations } : {}),
    ...(isFilled(ownerReferences) ? { ownerReferences } : {}),
    ...(isFilled(finalizers) ? { finalizers } : {}),
  };
}

function isFilled<T extends object>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null && Object.keys(value).length > 0;
}

function checkNamespace(cluster: Cluster, type: ResourceType, namespace: string, name: string): void {
  const found = cluster.store.collection("namespaces").get(namespace)?.object;
  if (found === undefined) {
    throw new ApiError(404, "NotFound", `namespaces ${JSON.stringify(namespace)} not found`, {
      details: { name: namespace, kind: "namespaces" },
    });
  }
  if (found.metadata.deletionTimestamp === undefined) return;
  throw forbidden(
    type,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      causes: [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    },
  );
}
