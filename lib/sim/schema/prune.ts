import { isObject, type Json, type JsonObject } from "../store/json.ts";
import { memberSchema, type Schema } from "./schema.ts";

const ownMembers = new Set(["apiVersion", "kind", "metadata"]);

/**
 * Removes from `object` (in place) every field its schema does not know, and nulls where the schema allows none.
 * Returns the paths removed as unknown, as strict decoding names them, in the object's order.
 */
export function pruneUnknown(schema: Schema, object: JsonObject): string[] {
  const unknown: string[] = [];
  pruneObject(schema, object, "", unknown, true);
  return unknown;
}

function pruneObject(
  schema: Schema,
  value: JsonObject,
  path: string,
  unknown: string[],
  isRoot: boolean,
): void {
  const keepsUnknown =
    schema["x-kubernetes-preserve-unknown-fields"] === true || schema.additionalProperties === true;
  const embedded = isRoot || schema["x-kubernetes-embedded-resource"] === true;
  for (const [key, inner] of Object.entries(value)) {
    if (embedded && ownMembers.has(key)) continue;
    const at = path === "" ? key : `${path}.${key}`;
    const member = memberSchema(schema, key);
    if (member === undefined) {
      if (keepsUnknown) continue;
      unknown.push(at);
      delete value[key];
    } else if (inner === null && member.nullable !== true) {
      delete value[key];
    } else {
      pruneValue(member, inner, at, unknown);
    }
  }
}

/**
 * Without schema (an item of what should have been no list) nothing is known. Below a schema that keeps what it does not know, what it
 * does know is pruned all the same. Source: kubernetes apiextensions-apiserver pkg/apiserver/schema/pruning
 */
function pruneValue(
  schema: Schema | undefined,
  value: Json | undefined,
  path: string,
  unknown: string[],
): void {
  if (Array.isArray(value)) {
    if (schema?.items === undefined && schema?.["x-kubernetes-preserve-unknown-fields"] === true) return;
    value.forEach((item, index) => pruneValue(schema?.items, item, `${path}[${index}]`, unknown));
  } else if (isObject(value)) {
    pruneObject(schema ?? {}, value, path, unknown, false);
  }
}
