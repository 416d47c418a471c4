import type { IncomingMessage } from "node:http";
import { parse as parseYaml } from "yaml";
import { goSyntaxError } from "../../ipam/go-json.ts";
import {
  cloneJson,
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  parseJson,
  textAt,
} from "../store/json.ts";
import { objectMeta } from "../schema/core/meta.ts";
import { duplicateKeys } from "../schema/duplicate-keys.ts";
import { typeMismatch } from "../schema/go-types.ts";
import { decodeMessage, openEnvelope, ProtobufError } from "../schema/protobuf.ts";
import { pruneUnknown } from "../schema/prune.ts";
import type { Schema } from "../schema/schema.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";
import { ApiError, badRequest, invalid, invalidValue, unsupportedMediaType } from "./status.ts";

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
    const why = error instanceof ProtobufError ? error.message : jsonProblem(body.toString(), error);
    const start = body.length === 0 ? "<empty>" : body.toString("utf8", 0, 60);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${target.kind}): couldn't get version/kind; json parse error: ${why} (${start})`,
    );
  }
}

/** What Go's decoder says of a text that is not JSON. */
export function jsonProblem(text: string, error: unknown): string {
  return goSyntaxError(text) ?? (error instanceof Error ? error.message : String(error));
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
 * `text` is the JSON the document was read from, "" when it was not JSON; it is looked through for doubled keys.
 * @throws ApiError 400, 422
 */
export function decodeObject(
  document: Json,
  type: ResourceType,
  validation: FieldValidation,
  text = "",
): Decoded {
  if (!isObject(document)) {
    const what = Array.isArray(document) ? "array" : typeof document;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${what} into Go value of type ${type.kind}`,
    );
  }
  checkKind(document, type);
  const object: JsonObject = { ...cloneJson(document), apiVersion: apiVersionOf(type), kind: type.kind };
  const misfit = type.custom
    ? typeMismatch("ObjectMeta", objectMeta, objectAt(object, "metadata"))
    : typeMismatch(type.kind, type.schema, object);
  if (misfit !== "") throw cannotHandle(type, misfit);
  const metadata = objectAt(object, "metadata");
  object["metadata"] = metadata;
  const unknown = [
    ...pruneUnknown(objectMeta, metadata).map((path) => `metadata.${path}`),
    ...pruneUnknown(type.schema, object),
  ];
  if (validation === "Ignore") return { object, warnings: [] };
  const problems = [
    ...(text === "" ? [] : duplicateKeys(text).map((path) => `duplicate field ${JSON.stringify(path)}`)),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
  if (validation === "Warn" || problems.length === 0) return { object, warnings: problems };
  throw cannotHandle(type, `strict decoding error: ${problems.join(", ")}`);
}

/** Built-in kinds may leave out what the path says already. */
function checkKind(document: JsonObject, type: ResourceType): void {
  const apiVersion = apiVersionOf(type);
  const missing = type.custom ? "" : undefined;
  const statedVersion = document["apiVersion"] ?? missing ?? apiVersion;
  const statedKind = document["kind"] ?? missing ?? type.kind;
  if (statedVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${String(statedVersion)}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (statedKind === type.kind) return;
  if (!type.custom) {
    throw badRequest(
      `${String(statedKind)} in version "${type.version}" cannot be handled as a ${type.kind}: converting (v1.${String(statedKind)}) to (core.${type.kind}): unknown conversion`,
    );
  }
  const name = textAt(objectAt(document, "metadata"), "name");
  throw invalid(type.group, String(statedKind), name, [
    invalidValue("kind", JSON.stringify(statedKind), `must be ${type.kind}`),
  ]);
}

function cannotHandle(type: ResourceType, why: string): ApiError {
  return badRequest(`${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${why}`);
}
