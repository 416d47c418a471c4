import type { Json, JsonObject } from "../store/json.ts";
import type { ResourceType } from "./resource-type.ts";

export interface Cause extends JsonObject {
  reason: string;
  message: string;
  field: string;
}

/** A refusal in Kubernetes' own shape; the server answers with `status` and `code`. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;
  readonly status: JsonObject;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: number, reason: string, message: string, extra: ErrorExtra = {}) {
    super(message);
    this.code = code;
    this.headers = extra.headers ?? {};
    this.status = statusObject(code, reason, message, extra);
  }
}

interface ErrorExtra {
  readonly details?: JsonObject;
  readonly metadata?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

function statusObject(code: number, reason: string, message: string, extra: ErrorExtra): JsonObject {
  const status: JsonObject = {
    kind: "Status",
    apiVersion: "v1",
    metadata: extra.metadata ?? {},
    status: "Failure",
    message,
  };
  if (reason !== "") status["reason"] = reason;
  if (extra.details !== undefined) status["details"] = extra.details;
  status["code"] = code;
  return status;
}

/** `pods`, `deployments.apps`: how a resource is named in messages. */
export function qualified(type: Pick<ResourceType, "plural" | "group">): string {
  return type.group === "" ? type.plural : `${type.plural}.${type.group}`;
}

function details(type: ResourceType, name: string, extra: JsonObject = {}): JsonObject {
  return {
    ...(name === "" ? {} : { name }),
    ...(type.group === "" ? {} : { group: type.group }),
    kind: type.plural,
    ...extra,
  };
}

export function notFound(type: ResourceType, name: string): ApiError {
  return new ApiError(404, "NotFound", `${qualified(type)} ${quote(name)} not found`, {
    details: details(type, name),
  });
}

export function unknownResource(): ApiError {
  return new ApiError(404, "NotFound", "the server could not find the requested resource", { details: {} });
}

export function alreadyExists(type: ResourceType, name: string): ApiError {
  return new ApiError(409, "AlreadyExists", `${qualified(type)} ${quote(name)} already exists`, {
    details: details(type, name),
  });
}

export function conflict(type: ResourceType, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(type)} ${quote(name)}: ${why}`;
  return new ApiError(409, "Conflict", message, { details: details(type, name) });
}

export const modifiedMeanwhile =
  "the object has been modified; please apply your changes to the latest version and try again";

export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

export function wrongName(given: string, name: string): ApiError {
  return badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}

export function forbidden(type: ResourceType, name: string, why: string, extra: JsonObject = {}): ApiError {
  const what = name === "" ? qualified(type) : `${qualified(type)} ${quote(name)}`;
  return new ApiError(403, "Forbidden", `${what} is forbidden: ${why}`, {
    details: details(type, name, extra),
  });
}

export function methodNotAllowed(): ApiError {
  return new ApiError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    { details: {} },
  );
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  return new ApiError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
  );
}

export function expired(message: string, metadata: JsonObject = {}): ApiError {
  return new ApiError(410, "Expired", message, { metadata });
}

/** 422: every cause in one message, as field.ErrorList prints them. */
export function invalid(group: string, kind: string, name: string, causes: readonly Cause[]): ApiError {
  const texts = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  const text = texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
  const what = group === "" ? kind : `${kind}.${group}`;
  const list: Json[] = [...causes];
  return new ApiError(422, "Invalid", `${what} ${quote(name)} is invalid: ${text}`, {
    details: {
      ...(name === "" ? {} : { name }),
      ...(group === "" ? {} : { group }),
      kind,
      causes: list,
    },
  });
}

/** Go's %q for text that needs no escapes beyond JSON's. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

export const required = (field: string, detail = ""): Cause => ({
  reason: "FieldValueRequired",
  message: `Required value${detail === "" ? "" : `: ${detail}`}`,
  field,
});

export const invalidValue = (field: string, shown: string, detail: string): Cause => ({
  reason: "FieldValueInvalid",
  message: `Invalid value: ${shown}: ${detail}`,
  field,
});

export const forbiddenValue = (field: string, detail: string): Cause => ({
  reason: "FieldValueForbidden",
  message: `Forbidden: ${detail}`,
  field,
});
