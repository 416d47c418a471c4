import { isObject, type Json, type JsonObject, objectAt, textAt } from "../store/json.ts";
import { type KubeObject, objectKey, timestamp } from "../store/kube-object.ts";
import type { Authority } from "./access.ts";
import { type Cluster, shown, storageKey, type WriteOptions } from "./cluster.ts";
import { deleteObject, readDeleteOptions } from "./delete-object.ts";
import { selectorText } from "./kinds/shared.ts";
import type { ResourceRequest } from "./request.ts";
import { ApiError, badRequest, conflict, invalid, invalidValue, notFound } from "./status.ts";
import { updateObject } from "./update-object.ts";

const success = (code: number): JsonObject => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code,
});

export function existing(cluster: Cluster, request: ResourceRequest): KubeObject {
  const { type, namespace, name } = request;
  const entry = cluster.store.collection(storageKey(type)).get(objectKey(namespace, name));
  if (entry === undefined) throw notFound(type, name);
  return shown(type, entry).object;
}

/** The `autoscaling/v1` Scale of a workload. */
export function scaleOf(object: KubeObject): JsonObject {
  const spec = objectAt(object, "spec");
  const status = objectAt(object, "status");
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid,
      resourceVersion,
      creationTimestamp,
    },
    spec: { replicas: spec["replicas"] ?? 0 },
    status: { replicas: status["replicas"] ?? 0, selector: selectorText(objectAt(spec, "selector")) },
  };
}

/** Writes a Scale's `spec.replicas` into its workload. @throws ApiError */
export function writeScale(
  cluster: Cluster,
  request: ResourceRequest,
  change: (old: JsonObject) => Json,
  options: WriteOptions,
): JsonObject {
  const { type, namespace, name } = request;
  const next = updateObject(
    cluster,
    type,
    namespace,
    name,
    (old) => {
      const scale = change(scaleOf(old));
      const wanted = isObject(scale) ? objectAt(scale, "spec")["replicas"] : undefined;
      const replicas = wanted ?? 0;
      if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0) {
        throw invalid("autoscaling", "Scale", name, [
          invalidValue("spec.replicas", JSON.stringify(replicas), "must be greater than or equal to 0"),
        ]);
      }
      const resourceVersion = isObject(scale) ? textAt(objectAt(scale, "metadata"), "resourceVersion") : "";
      return {
        ...old,
        metadata: { ...old.metadata, resourceVersion },
        spec: { ...objectAt(old, "spec"), replicas },
      };
    },
    options,
  );
  return scaleOf(next);
}

/** Binds a pod to a node, as the scheduler does. @throws ApiError 400, 404, 409 */
export function bindPod(
  cluster: Cluster,
  request: ResourceRequest,
  body: JsonObject,
  options: WriteOptions,
): JsonObject {
  const node = textAt(objectAt(body, "target"), "name");
  if (node === "") throw badRequest("Binding is invalid: target.name: Required value");
  const pod = existing(cluster, request);
  const bound = textAt(objectAt(pod, "spec"), "nodeName");
  if (bound !== "") {
    throw conflict(
      request.type,
      request.name,
      `pod ${request.name} is already assigned to node ${JSON.stringify(bound)}`,
    );
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw conflict(
      request.type,
      request.name,
      `pod ${request.name} is being deleted, cannot be assigned to a host`,
    );
  }
  const condition = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: timestamp(cluster.now()),
  };
  updateObject(
    cluster,
    request.type,
    request.namespace,
    request.name,
    (old) => {
      const status = objectAt(old, "status");
      const conditions = Array.isArray(status["conditions"]) ? status["conditions"] : [];
      const others = conditions.filter((one) => !isObject(one) || one["type"] !== "PodScheduled");
      return {
        ...old,
        spec: { ...objectAt(old, "spec"), nodeName: node },
        status: { ...status, conditions: [...others, condition] },
      };
    },
    { ...options, subresource: "binding" },
  );
  return success(201);
}

export function evictPod(cluster: Cluster, request: ResourceRequest, body: JsonObject): JsonObject {
  const options = readDeleteOptions(objectAt(body, "deleteOptions"), request.query);
  deleteObject(cluster, request.type, request.namespace, request.name, options);
  return success(201);
}

/** There are no containers here, so there is nothing to read. @throws ApiError always */
export function podLog(cluster: Cluster, request: ResourceRequest): never {
  const pod = existing(cluster, request);
  const spec = objectAt(pod, "spec");
  const containers = Array.isArray(spec["containers"]) ? spec["containers"].filter(isObject) : [];
  const name = request.query.get("container") ?? textAt(containers[0] ?? {}, "name");
  const node = textAt(spec, "nodeName");
  if (node === "") throw badRequest(`pod ${request.name} does not have a host assigned`);
  throw badRequest(
    `container ${JSON.stringify(name)} in pod ${JSON.stringify(request.name)} keeps no logs: nothing runs in this cluster`,
  );
}

export function accountToken(
  cluster: Cluster,
  authority: Authority,
  request: ResourceRequest,
  body: JsonObject,
): JsonObject {
  const account = existing(cluster, request);
  const spec = objectAt(body, "spec");
  const seconds = typeof spec["expirationSeconds"] === "number" ? spec["expirationSeconds"] : 3600;
  if (seconds < 600) {
    throw invalid("authentication.k8s.io", "TokenRequest", "", [
      invalidValue(
        "spec.expirationSeconds",
        String(seconds),
        "may not specify a duration less than 10 minutes",
      ),
    ]);
  }
  const token = authority.issueToken(request.namespace, request.name, account.metadata.uid);
  return {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: {
      name: request.name,
      namespace: request.namespace,
      creationTimestamp: timestamp(cluster.now()),
    },
    spec: { audiences: ["https://kubernetes.default.svc"], expirationSeconds: seconds, boundObjectRef: null },
    status: { token, expirationTimestamp: timestamp(cluster.now() + seconds * 1000) },
  };
}

export function unsupportedStream(): ApiError {
  return new ApiError(501, "", "nothing runs in this cluster: exec, attach and port-forward are not there");
}
