import type { IncomingMessage, ServerResponse } from "node:http";
import { isObject, type Json, type JsonObject, objectAt, stringifyJson, textAt } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";
import {
  bindingSchema,
  deleteOptionsSchema,
  evictionSchema,
  scaleSchema,
  tokenRequestSchema,
} from "../schema/core/requests.ts";
import type { Schema } from "../schema/schema.ts";
import type { Authority, User } from "./access.ts";
import { answerReview } from "./access.ts";
import { applyObject } from "./apply.ts";
import {
  decodeDocument,
  type Decoded,
  decodeObject,
  fieldValidation,
  type FieldValidation,
  mediaType,
  readBody,
} from "./body.ts";
import { type Cluster, type WriteOptions } from "./cluster.ts";
import { createObject } from "./create-object.ts";
import { deleteObject, readDeleteOptions } from "./delete-object.ts";
import { verbsOf } from "./discovery.ts";
import { listPage } from "./list.ts";
import type { ListSnapshots } from "./list-snapshots.ts";
import type { View } from "./negotiate.ts";
import { applyMedia, applyPatch, checkPatchMedia } from "./patch.ts";
import { isTrue, type ResourceRequest } from "./request.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";
import { sendList, sendObject, sendValue } from "./respond.ts";
import { ApiError, invalid, invalidValue, methodNotAllowed, unknownResource } from "./status.ts";
import {
  accountToken,
  bindPod,
  evictPod,
  existing,
  podLog,
  scaleOf,
  unsupportedStream,
  writeScale,
} from "./subresources.ts";
import { updateObject } from "./update-object.ts";

export interface Exchange {
  readonly cluster: Cluster;
  readonly authority: Authority;
  readonly snapshots: ListSnapshots;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly request: ResourceRequest;
  readonly view: View;
  readonly user: User;
}

/** Answers everything but watches. @throws ApiError */
export async function handleResource(exchange: Exchange): Promise<void> {
  const { request } = exchange;
  if (request.type.createOnly === true) return await review(exchange);
  if (request.subresource !== "") return await subresource(exchange);
  switch (request.verb) {
    case "get":
      return sendObject(exchange, existing(exchange.cluster, request), 200);
    case "list":
      return await sendList(exchange, listPage(exchange.cluster, exchange.snapshots, request));
    case "create":
      return await create(exchange);
    case "update":
      return await update(exchange);
    case "patch":
      return await patch(exchange);
    case "delete":
      return await remove(exchange);
    case "deletecollection":
      return await removeCollection(exchange);
    default:
      throw methodNotAllowed();
  }
}

function writeOptions({ incoming, request }: Exchange): WriteOptions {
  const agent = incoming.headers["user-agent"] ?? "unknown";
  const manager = request.query.get("fieldManager") ?? "";
  return {
    manager: manager === "" ? (agent.split("/")[0] ?? "unknown") : manager,
    dryRun: request.query.getAll("dryRun").includes("All"),
    subresource: request.subresource,
    operation: "Update",
  };
}

/** The request's body as an object of its kind. @throws ApiError 400, 413, 415, 422 */
async function readObject({ incoming, request }: Exchange, validation: FieldValidation): Promise<Decoded> {
  const body = await readBody(incoming);
  const media = mediaType(incoming.headers["content-type"]);
  const document = decodeDocument(body, media, request.type);
  const text = media === "application/json" ? body.toString() : "";
  return decodeObject(document, request.type, validation, text);
}

function warn(exchange: Exchange, warnings: readonly string[]): void {
  if (warnings.length === 0) return;
  exchange.response.setHeader(
    "Warning",
    warnings.map((text) => `299 - ${JSON.stringify(text)}`),
  );
}

async function create(exchange: Exchange): Promise<void> {
  const { cluster, request } = exchange;
  if (request.name !== "") throw methodNotAllowed();
  const decoded = await readObject(exchange, fieldValidation(request.query));
  const namespace = request.type.namespaced ? namespaceOf(request, decoded.object) : "";
  const object = createObject(cluster, request.type, namespace, decoded.object, writeOptions(exchange));
  warn(exchange, decoded.warnings);
  sendObject(exchange, object, 201);
}

function namespaceOf(request: ResourceRequest, _object: JsonObject): string {
  return request.namespace === "" ? "default" : request.namespace;
}

async function update(exchange: Exchange): Promise<void> {
  const { cluster, request } = exchange;
  const decoded = await readObject(exchange, fieldValidation(request.query));
  const object = updateObject(
    cluster,
    request.type,
    request.namespace,
    request.name,
    () => decoded.object,
    writeOptions(exchange),
  );
  warn(exchange, decoded.warnings);
  sendObject(exchange, object, 200);
}

async function patch(exchange: Exchange): Promise<void> {
  const { cluster, request, incoming } = exchange;
  const media = mediaType(incoming.headers["content-type"]);
  checkPatchMedia(media, request.type);
  const text = (await readBody(incoming)).toString();
  const options = writeOptions(exchange);
  const validation = fieldValidation(request.query);
  if (media === applyMedia) {
    const force = isTrue(request.query.get("force"));
    const applied = applyObject(
      cluster,
      request,
      text,
      { ...options, operation: "Apply" },
      validation,
      force,
    );
    warn(exchange, applied.warnings);
    return sendObject(exchange, applied.object, applied.created ? 201 : 200);
  }
  let warnings: readonly string[] = [];
  const change = (old: KubeObject): JsonObject => {
    const decoded = decodePatched(applyPatch(media, text, request.type, old), request, validation);
    warnings = decoded.warnings;
    checkIdentity(request.type, old, decoded.object);
    return decoded.object;
  };
  const object = updateObject(cluster, request.type, request.namespace, request.name, change, options);
  warn(exchange, warnings);
  sendObject(exchange, object, 200);
}

/** A patched object that cannot be decoded is the patch's fault. @throws ApiError 400, 422 */
function decodePatched(patched: JsonObject, request: ResourceRequest, validation: FieldValidation): Decoded {
  try {
    return decodeObject(patched, request.type, validation);
  } catch (error) {
    const why = error instanceof ApiError ? /json: cannot unmarshal .*$/s.exec(error.message) : null;
    if (why === null) throw error;
    throw invalid("", "", "", [invalidValue("patch", JSON.stringify(stringifyJson(patched)), why[0])]);
  }
}

/** @throws ApiError 422 for a patch that names another uid */
function checkIdentity(type: ResourceType, old: KubeObject, next: JsonObject): void {
  const uid = textAt(objectAt(next, "metadata"), "uid");
  if (uid === "" || uid === old.metadata.uid) return;
  throw invalid(type.group, type.kind, old.metadata.name, [
    invalidValue("metadata.uid", JSON.stringify(uid), "field is immutable"),
  ]);
}

/** The body of a request that may come without one. @throws ApiError 400, 415 */
async function readOptional({ incoming }: Exchange, kind: string, schema: Schema): Promise<JsonObject> {
  const body = await readBody(incoming);
  if (body.length === 0) return {};
  const value = decodeDocument(body, mediaType(incoming.headers["content-type"]), {
    kind,
    schema,
    custom: false,
  });
  return isObject(value) ? value : {};
}

const readDelete = (exchange: Exchange): Promise<JsonObject> =>
  readOptional(exchange, "DeleteOptions", deleteOptionsSchema);

async function remove(exchange: Exchange): Promise<void> {
  const { cluster, request } = exchange;
  const options = readDeleteOptions(await readDelete(exchange), request.query);
  const { type, namespace, name } = request;
  const { object, isGone } = deleteObject(cluster, type, namespace, name, options);
  if (!isGone || returnsObject.has(type.plural)) return sendObject(exchange, object, 200);
  sendValue(exchange.response, 200, {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name,
      ...(type.group === "" ? {} : { group: type.group }),
      kind: type.plural,
      uid: object.metadata.uid,
    },
  });
}

const returnsObject = new Set(["pods", "services", "serviceaccounts"]);

async function removeCollection(exchange: Exchange): Promise<void> {
  const { cluster, request } = exchange;
  if (!verbsOf(request.type).includes("deletecollection")) throw methodNotAllowed();
  const options = readDeleteOptions(await readDelete(exchange), request.query);
  const page = listPage(cluster, exchange.snapshots, request);
  const removed = page.entries.map(({ object }) => {
    const { namespace = "", name } = object.metadata;
    return deleteObject(cluster, request.type, namespace, name, options).object;
  });
  const { type } = request;
  sendValue(exchange.response, 200, {
    kind: `${type.kind}List`,
    apiVersion: apiVersionOf(type),
    metadata: { resourceVersion: String(cluster.store.revision) },
    items: removed,
  });
}

async function review(exchange: Exchange): Promise<void> {
  const { request, response, user, authority, cluster } = exchange;
  if (request.verb !== "create" || request.name !== "") throw methodNotAllowed();
  const decoded = await readObject(exchange, "Ignore");
  const answer = answerReview(authority, request.type.kind, decoded.object, user, cluster.now());
  sendValue(response, 201, answer);
}

async function subresource(exchange: Exchange): Promise<void> {
  const { cluster, request, response } = exchange;
  const { verb, type } = request;
  if (!type.subresources.includes(request.subresource)) {
    if (!type.custom) throw unknownResource();
    throw unknownResource();
  }
  switch (`${request.subresource} ${verb}`) {
    case "status get":
      return sendObject(exchange, existing(cluster, request), 200);
    case "status update":
    case "finalize update":
      return await update(exchange);
    case "status patch":
      return await patch(exchange);
    case "scale get":
      return sendValue(response, 200, scaleOf(existing(cluster, request)));
    case "scale update":
    case "scale patch":
      return await changeScale(exchange);
    case "binding create":
      return sendValue(
        response,
        201,
        bindPod(
          cluster,
          request,
          await readOptional(exchange, "Binding", bindingSchema),
          writeOptions(exchange),
        ),
      );
    case "eviction create":
      return sendValue(
        response,
        201,
        evictPod(cluster, request, await readOptional(exchange, "Eviction", evictionSchema)),
      );
    case "token create":
      return sendValue(
        response,
        201,
        accountToken(
          cluster,
          exchange.authority,
          request,
          await readOptional(exchange, "TokenRequest", tokenRequestSchema),
        ),
      );
    case "log get":
      return podLog(cluster, request);
    default:
  }
  if (["exec", "attach", "portforward"].includes(request.subresource)) throw unsupportedStream();
  throw methodNotAllowed();
}

async function changeScale(exchange: Exchange): Promise<void> {
  const { cluster, request, incoming, response } = exchange;
  const options = writeOptions(exchange);
  const media = mediaType(incoming.headers["content-type"]);
  const body = await readBody(incoming);
  const change = (old: JsonObject): Json =>
    request.verb === "update"
      ? decodeDocument(body, media, { kind: "Scale", schema: scaleSchema, custom: request.type.custom })
      : applyPatch(media, body.toString(), { ...request.type, schema: scaleSchema }, old);
  sendValue(response, 200, writeScale(cluster, request, change, options));
}
