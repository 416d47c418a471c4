import type { IncomingMessage } from "node:http";
import { parse as parseYaml } from "yaml";
import { cloneJson, isObject, type Json, type JsonObject, parseJson } from "../store/json.ts";
import { decodeMessage, openEnvelope } from "../schema/protobuf.ts";
import { pruneUnknown } from "../schema/prune.ts";
import type { Schema } from "../schema/schema.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";
import { ApiError, badRequest, unsupportedMediaType } from "./status.ts";

const longestBody = 3 * 1024 * 1024;

/** @throws ApiError 413 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) {
      throw new ApiError(413, "RequestEntityTooLarge", `Request entity too large: limit is ${longestBody}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function mediaType(header: string | undefined): string {
  return (header ?? "application/json").split(";")[0]?.trim().toLowerCase() ?? "";
}

const accepted = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/** What a body is expected to be. */
export interface Target {
  readonly kind: string;
  readonly schema: Schema;
  readonly custom: boolean;
}

/**
 * A body in whichever form the media type names: JSON, YAML, or (for built-in kinds) Kubernetes' protobuf.
 * @throws ApiError 400, 415
 */
export function decodeDocument(body: Buffer, media: string, target: Target): Json {
  const forms = target.custom ? accepted.slice(0, 2) : accepted;
  if (!forms.includes(media)) throw unsupportedMediaType(forms);
  try {
    if (media === "application/vnd.kubernetes.protobuf") return decodeProtobuf(body, target.schema);
    return media === "application/yaml" ? readYaml(body.toString()) : parseJson(body.toString());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${target.kind}): couldn't get version/kind; json parse error: ${why} (${body.toString("utf8", 0, 60)})`,
    );
  }
}

function decodeProtobuf(body: Buffer, schema: Schema): JsonObject {
  const { apiVersion, kind, content } = openEnvelope(body);
  return { apiVersion, kind, ...decodeMessage(schema, content) };
}

/** JSON first: kubectl sends it even where the media type says YAML, and only that way are long integers kept as written. */
export function readYaml(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return cloneJson(parseYaml(text, { maxAliasCount: 100 }) as Json);
  }
}

export type FieldValidation = "Strict" | "Warn" | "Ignore";

export interface Decoded {
  readonly object: JsonObject;
  /** For `Warning` headers. */
  readonly warnings: readonly string[];
}

/**
 * An object as it is to be written: apiVersion and kind checked or filled in, unknown fields removed (or refused).
 * @throws ApiError 400
 */
export function decodeObject(document: Json, type: ResourceType, validation: FieldValidation): Decoded {
  if (!isObject(document)) {
    throw badRequest(
      `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: json: cannot unmarshal ${Array.isArray(document) ? "array" : typeof document} into Go value of type ${type.kind}`,
    );
  }
  const apiVersion = apiVersionOf(type);
  const statedVersion = document["apiVersion"] ?? apiVersion;
  const statedKind = document["kind"] ?? type.kind;
  if (statedKind !== type.kind || statedVersion !== apiVersion) {
    throw badRequest(
      statedVersion === apiVersion
        ? `${String(statedKind)} in version "${type.version}" cannot be handled as a ${type.kind}: the kind in the data (${String(statedKind)}) does not match the expected kind (${type.kind})`
        : `the API version in the data (${String(statedVersion)}) does not match the expected API version (${apiVersion})`,
    );
  }
  const { metadata } = document;
  if (metadata !== undefined && metadata !== null && !isObject(metadata)) {
    throw badRequest(
      `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: json: cannot unmarshal ${typeof metadata} into Go struct field ObjectMeta.metadata of type v1.ObjectMeta`,
    );
  }
  const object: JsonObject = { ...cloneJson(document), apiVersion, kind: type.kind };
  object["metadata"] = isObject(metadata) ? cloneJson(metadata) : {};
  const unknown = pruneUnknown(type.schema, object);
  if (validation === "Strict" && unknown.length > 0) throw strictError(type, unknown);
  const warnings = validation === "Warn" ? unknown.map((path) => `unknown field "${path}"`) : [];
  return { object, warnings };
}

function strictError(type: ResourceType, unknown: readonly string[]): ApiError {
  const list = unknown.map((path) => `unknown field "${path}"`).join(", ");
  return badRequest(
    `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: strict decoding error: ${list}`,
  );
}

/** @throws ApiError 422 */
export function fieldValidation(query: URLSearchParams): FieldValidation {
  const value = query.get("fieldValidation") ?? "Warn";
  if (value === "Strict" || value === "Warn" || value === "Ignore") return value;
  if (value === "") return "Warn";
  throw new ApiError(
    422,
    "Invalid",
    `CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: ${JSON.stringify(value)}: supported values: "Ignore", "Strict", "Warn"`,
  );
}
