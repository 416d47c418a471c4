import type { Schema } from "../schema/schema.ts";
import { memberSchema } from "../schema/schema.ts";
import { isObject, type Json, type JsonObject, stringifyJson } from "../store/json.ts";

/** How ownership sees a list: as one value, as a set, or as members told apart by keys. */
export function listKind(schema: Schema | undefined, items: readonly Json[]): "atomic" | "set" | "map" {
  const kind = schema?.["x-kubernetes-list-type"];
  if (kind === "map") return items.every(isObject) ? "map" : "atomic";
  return kind === "set" ? "set" : "atomic";
}

export function isAtomicMap(schema: Schema | undefined): boolean {
  return schema?.["x-kubernetes-map-type"] === "atomic";
}

/** `k:{…}` of a member, its keys in order; keys it leaves out take their defaults. */
export function keyElement(schema: Schema | undefined, item: JsonObject): string {
  const key: JsonObject = {};
  for (const name of [...(schema?.["x-kubernetes-list-map-keys"] ?? [])].sort()) {
    const value = item[name] ?? memberSchema(schema?.items, name)?.default;
    if (value !== undefined) key[name] = value;
  }
  return `k:${stringifyJson(key)}`;
}

export function valueElement(item: Json): string {
  return `v:${stringifyJson(item)}`;
}
