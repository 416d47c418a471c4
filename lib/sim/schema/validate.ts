import { equalJson, isObject, type Json, type JsonObject, stringifyJson } from "../store/json.ts";
import type { Cause } from "../api/status.ts";
import { matchesFormat } from "./formats.ts";
import { memberSchema, type Schema } from "./schema.ts";

/**
 * What the schema objects to, in the API server's words. The object's own `metadata` is not looked at.
 * Source of the texts: kubernetes/kube-openapi pkg/validation/errors, apiextensions-apiserver pkg/apiserver/validation
 */
export function schemaCauses(schema: Schema, object: JsonObject): Cause[] {
  const causes: Cause[] = [];
  for (const [key, value] of Object.entries(object)) {
    if (key === "metadata" || key === "apiVersion" || key === "kind" || value === undefined) continue;
    const member = memberSchema(schema, key);
    if (member !== undefined) check(member, value, key, causes);
  }
  requireMembers(schema, object, "", causes);
  return causes;
}

const skippedByCel = new Set([
  "FieldValueRequired",
  "FieldValueTypeInvalid",
  "FieldValueNotSupported",
  "FieldValueTooLong",
  "FieldValueTooMany",
]);

/** CEL rules are not evaluated on an object with such causes; this one is added instead. */
export function celSkipped(causes: readonly Cause[]): Cause | null {
  if (!causes.some((cause) => skippedByCel.has(cause.reason))) return null;
  return {
    reason: "FieldValueInvalid",
    message:
      "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
    field: "<nil>",
  };
}

function check(schema: Schema, value: Json, path: string, causes: Cause[]): void {
  if (value === null) {
    if (schema.nullable !== true && schema.type !== undefined) typeCause(schema, value, path, causes);
    return;
  }
  const fits = hasType(schema, value);
  if (!fits) typeCause(schema, value, path, causes);
  checkEnum(schema, value, path, causes);
  if (!fits) return;
  if (typeof value === "string") checkText(schema, value, path, causes);
  else if (typeof value === "number" || typeof value === "bigint") checkNumber(schema, value, path, causes);
  else if (Array.isArray(value)) checkList(schema, value, path, causes);
  else if (isObject(value)) checkObject(schema, value, path, causes);
}

function checkObject(schema: Schema, value: JsonObject, path: string, causes: Cause[]): void {
  requireMembers(schema, value, path, causes);
  for (const [key, inner] of Object.entries(value)) {
    const member = memberSchema(schema, key);
    if (member !== undefined && inner !== undefined) check(member, inner, `${path}.${key}`, causes);
  }
}

function requireMembers(schema: Schema, value: JsonObject, path: string, causes: Cause[]): void {
  for (const key of schema.required ?? []) {
    if (Object.hasOwn(value, key)) continue;
    causes.push({
      reason: "FieldValueRequired",
      message: "Required value",
      field: path === "" ? key : `${path}.${key}`,
    });
  }
}

function checkList(schema: Schema, value: readonly Json[], path: string, causes: Cause[]): void {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    causes.push({
      reason: "FieldValueTooMany",
      message: `Too many: ${value.length}: must have at most ${schema.maxItems} items`,
      field: path,
    });
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    push(causes, path, String(value.length), `${path} in body should have at least ${schema.minItems} items`);
  }
  value.forEach((item, index) => {
    if (schema.items !== undefined) check(schema.items, item, `${path}[${index}]`, causes);
  });
  duplicates(schema, value, path, causes);
}

function duplicates(schema: Schema, value: readonly Json[], path: string, causes: Cause[]): void {
  const kind = schema["x-kubernetes-list-type"];
  if (kind !== "set" && kind !== "map") return;
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const seen: Json[] = [];
  const reported: Json[] = [];
  value.forEach((item, index) => {
    const identity: Json =
      kind === "map" && isObject(item)
        ? Object.fromEntries(
            keys.map((key) => [key, item[key] ?? memberSchema(schema.items, key)?.default ?? null]),
          )
        : item;
    if (!seen.some((earlier) => equalJson(earlier, identity))) {
      seen.push(identity);
    } else if (!reported.some((earlier) => equalJson(earlier, identity))) {
      reported.push(identity);
      causes.push({
        reason: "FieldValueDuplicate",
        message: `Duplicate value: ${stringifyJson(identity)}`,
        field: `${path}[${index}]`,
      });
    }
  });
}

function checkEnum(schema: Schema, value: Json, path: string, causes: Cause[]): void {
  if (schema.enum === undefined || schema.enum.some((allowed) => equalJson(allowed, value))) return;
  causes.push({
    reason: "FieldValueNotSupported",
    message: `Unsupported value: ${stringifyJson(value)}: supported values: ${schema.enum.map((allowed) => stringifyJson(allowed)).join(", ")}`,
    field: path,
  });
}

function checkText(schema: Schema, value: string, path: string, causes: Cause[]): void {
  if (schema.maxLength !== undefined && [...value].length > schema.maxLength) {
    causes.push({
      reason: "FieldValueTooLong",
      message: `Too long: may not be more than ${schema.maxLength} bytes`,
      field: path,
    });
  }
  if (schema.minLength !== undefined && [...value].length < schema.minLength) {
    push(
      causes,
      path,
      JSON.stringify(value),
      `${path} in body should be at least ${schema.minLength} chars long`,
    );
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
    push(causes, path, JSON.stringify(value), `${path} in body should match '${schema.pattern}'`);
  }
  if (schema.format !== undefined && !matchesFormat(schema.format, value)) {
    typeInvalid(causes, path, value, schema.format);
  }
}

function checkNumber(schema: Schema, value: number | bigint, path: string, causes: Cause[]): void {
  if (schema.minimum !== undefined && value < schema.minimum) {
    push(causes, path, String(value), `${path} in body should be greater than or equal to ${schema.minimum}`);
  }
  if (schema.maximum !== undefined && value > schema.maximum) {
    push(causes, path, String(value), `${path} in body should be less than or equal to ${schema.maximum}`);
  }
}

function push(causes: Cause[], field: string, shown: string, text: string): void {
  causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${shown}: ${text}`, field });
}

function hasType(schema: Schema, value: Json): boolean {
  if (schema["x-kubernetes-int-or-string"] === true) return isInteger(value) || typeof value === "string";
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
      return isInteger(value) && !isTooWide(schema, value);
    case "number":
      return typeof value === "number" || typeof value === "bigint";
    default:
      return true;
  }
}

function isInteger(value: Json): boolean {
  return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
}

const int64 = { low: -(2n ** 63n), high: 2n ** 63n - 1n };

function isTooWide(schema: Schema, value: Json): boolean {
  return schema.format === "int64" && typeof value === "bigint" && (value < int64.low || value > int64.high);
}

function typeCause(schema: Schema, value: Json, path: string, causes: Cause[]): void {
  const wanted = schema.format ?? schema.type ?? "";
  typeInvalid(causes, path, typeName(value, schema.format !== undefined), wanted);
}

function typeInvalid(causes: Cause[], path: string, shown: string, wanted: string): void {
  const quoted = JSON.stringify(shown);
  causes.push({
    reason: "FieldValueTypeInvalid",
    message: `Invalid value: ${quoted}: ${path} in body must be of type ${wanted}: ${quoted}`,
    field: path,
  });
}

function typeName(value: Json, withFormat: boolean): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "bigint") return withFormat ? "float64" : "integer";
  if (typeof value !== "number") return typeof value;
  if (Number.isInteger(value)) return withFormat ? "int64" : "integer";
  return withFormat ? "float64" : "number";
}
