import { type JsonObject, objectAt, stringifyJson, textAt } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { applyObject } from "./apply.ts";
import { type Decoded, decodeObject, type FieldValidation, mediaType, readBody } from "./body.ts";
import { createObject } from "./create-object.ts";
import { type Exchange, readObject, warn, writeOptions } from "./exchange.ts";
import { applyMedia, applyPatch, checkPatchMedia } from "./patch.ts";
import { isTrue, type ResourceRequest } from "./request.ts";
import type { ResourceType } from "./resource-type.ts";
import { sendObject } from "./respond.ts";
import { ApiError, invalid, invalidValue, methodNotAllowed, wrongName } from "./status.ts";
import { updateObject } from "./update-object.ts";
import { fieldValidation } from "./write-options.ts";

/** POST: a new object. @throws ApiError */
export async function create(exchange: Exchange): Promise<void> {
  const { cluster, request } = exchange;
  const isCollection = request.name === "" && request.type.namespaced === (request.namespace !== "");
  if (!isCollection) throw methodNotAllowed();
  const decoded = await readObject(exchange, fieldValidation(request));
  warn(exchange, decoded.warnings);
  const object = createObject(
    cluster,
    request.type,
    request.namespace,
    decoded.object,
    writeOptions(exchange),
  );
  sendObject(exchange, object, 201);
}

/** PUT: the object as a whole. @throws ApiError */
export async function update(exchange: Exchange): Promise<void> {
  const { cluster, request } = exchange;
  const decoded = await readObject(exchange, fieldValidation(request));
  warn(exchange, decoded.warnings);
  const { name = "", resourceVersion = "" } = objectAt(decoded.object, "metadata");
  if (name !== "" && name !== request.name) throw wrongName(String(name), request.name);
  const replacement = (): JsonObject => {
    if (request.type.custom && (resourceVersion === "" || resourceVersion === "0"))
      throw versionless(request);
    return decoded.object;
  };
  const object = updateObject(
    cluster,
    request.type,
    request.namespace,
    request.name,
    replacement,
    writeOptions(exchange),
  );
  sendObject(exchange, object, 200);
}

/** Custom resources are never replaced regardless of what they are by now. */
export function versionless({ type, name }: ResourceRequest): ApiError {
  return invalid(type.group, type.plural, name, [
    invalidValue("metadata.resourceVersion", "0", "must be specified for an update"),
  ]);
}

/** PATCH in all its kinds. @throws ApiError */
export async function patch(exchange: Exchange): Promise<void> {
  const { cluster, request, incoming } = exchange;
  const media = mediaType(incoming.headers["content-type"]);
  checkPatchMedia(media, request.type);
  const text = (await readBody(incoming)).toString();
  const options = writeOptions(exchange);
  const validation = fieldValidation(request);
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
  const change = (old: KubeObject): JsonObject => {
    const decoded = decodePatched(applyPatch(media, text, request.type, old), request, validation);
    warn(exchange, decoded.warnings);
    checkIdentity(request.type, old, decoded.object);
    return decoded.object;
  };
  const object = updateObject(cluster, request.type, request.namespace, request.name, change, options);
  sendObject(exchange, object, 200);
}

/** A patched object that cannot be decoded is the patch's fault. @throws ApiError 400, 422 */
export function decodePatched(
  patched: JsonObject,
  request: ResourceRequest,
  validation: FieldValidation,
): Decoded {
  try {
    return decodeObject(patched, request.type, validation);
  } catch (error) {
    const why = error instanceof ApiError ? /json: cannot unmarshal .*$/s.exec(error.message) : null;
    if (why === null) throw error;
    throw invalid("", "", "", [invalidValue("patch", JSON.stringify(stringifyJson(patched)), why[0])]);
  }
}

/** @throws ApiError 422 for a patch that names another uid */
export function checkIdentity(type: ResourceType, old: KubeObject, next: JsonObject): void {
  const uid = textAt(objectAt(next, "metadata"), "uid");
  if (uid === "" || uid === old.metadata.uid) return;
  throw invalid(type.group, type.kind, old.metadata.name, [
    invalidValue("metadata.uid", JSON.stringify(uid), "field is immutable"),
  ]);
}
