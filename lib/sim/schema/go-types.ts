import { isObject, type Json, type JsonObject } from "../store/json.ts";
import { memberSchema, type Schema } from "./schema.ts";

/**
 * The first value whose type a built-in kind cannot take, in the words of Go's JSON decoder; "" when all fit.
 * The struct is named after its place in the object, which is right for spec and status and a good guess below.
 */
export function typeMismatch(kind: string, schema: Schema, object: JsonObject): string {
  return objectMismatch(schema, object, kind, []);
}

function objectMismatch(schema: Schema, value: JsonObject, struct: string, path: readonly string[]): string {
  for (const [key, inner] of Object.entries(value)) {
    const member = memberSchema(schema, key);
    if (member === undefined || inner === undefined || inner === null) continue;
    const place = schema.additionalProperties === undefined ? [...path, key] : path;
    const found = mismatch(member, inner, struct, place);
    if (found !== "") return found;
  }
  return "";
}

function mismatch(schema: Schema, value: Json, struct: string, path: readonly string[]): string {
  const wanted = goType(schema, path);
  if (!fits(schema, value)) {
    return `json: cannot unmarshal ${jsonType(value)} into Go struct field ${struct}.${path.join(".")} of type ${wanted}`;
  }
  if (Array.isArray(value)) {
    for (const item of value) {
      const found =
        item === null || schema.items === undefined ? "" : mismatch(schema.items, item, struct, path);
      if (found !== "") return found;
    }
  }
  return isObject(value) ? objectMismatch(schema, value, structName(struct, path), path) : "";
}

function fits(schema: Schema, value: Json): boolean {
  if (schema["x-kubernetes-int-or-string"] === true) {
    return typeof value === "string" || typeof value === "number" || typeof value === "bigint";
  }
  switch (schema.type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
    default:
      return true;
  }
}

function jsonType(value: Json): string {
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "bigint":
      return `number ${value}`;
    case "number":
      return Number.isInteger(value) ? "number" : `number ${value}`;
    case "boolean":
      return "bool";
    default:
      return typeof value;
  }
}

function goType(schema: Schema, path: readonly string[]): string {
  switch (schema.type) {
    case "string":
      return schema.format === "date-time" ? "time.Time" : "string";
    case "boolean":
      return "bool";
    case "integer":
      return schema.format ?? "int";
    case "array":
      return schema.items?.type === "object" ? `[]v1.${singular(path)}` : "[]string";
    default:
      return schema.additionalProperties === undefined
        ? `v1.${capital(path.at(-1) ?? "")}`
        : "map[string]string";
  }
}

function structName(parent: string, path: readonly string[]): string {
  const last = path.at(-1) ?? "";
  if (last === "metadata") return "ObjectMeta";
  return path.length === 1 ? `${parent}${capital(last)}` : singular(path);
}

function singular(path: readonly string[]): string {
  return capital(path.at(-1) ?? "").replace(/s$/, "");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
