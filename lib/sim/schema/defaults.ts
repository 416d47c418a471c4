import { cloneJson, hasKey, isObject, type Json, setKey } from "../store/json.ts";
import type { Schema } from "./schema.ts";

/** Fills in the schema's defaults wherever an object that should carry the field exists. Changes `value` in place. */
export function applyDefaults(schema: Schema | undefined, value: Json | undefined): void {
  if (schema === undefined || value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) applyDefaults(schema.items, item);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, member] of Object.entries(schema.properties ?? {})) {
    const present = hasKey(value, key);
    const isNull = present && value[key] === null && member.nullable !== true;
    if (member.default !== undefined && (!present || isNull)) setKey(value, key, cloneJson(member.default));
    if (hasKey(value, key)) applyDefaults(member, value[key]);
  }
  const extra = schema.additionalProperties;
  if (typeof extra !== "object") return;
  for (const [key, inner] of Object.entries(value)) {
    if (schema.properties === undefined || !Object.hasOwn(schema.properties, key))
      applyDefaults(extra, inner);
  }
}
