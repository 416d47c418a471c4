import type { Schema } from "../schema/schema.ts";
import { memberSchema } from "../schema/schema.ts";
import {
  cloneJson,
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  ownValue,
  setKey,
} from "../store/json.ts";
import type { FieldSet } from "./field-set.ts";
import { isAtomicMap, keyElement, listKind, valueElement } from "./list-kind.ts";

/** Lays an applied configuration over what there is. Neither argument is changed. */
export function mergeApplied(schema: Schema | undefined, live: Json | undefined, applied: Json): Json {
  if (isObject(applied) && isObject(live) && !isAtomicMap(schema)) {
    const result: JsonObject = { ...live };
    for (const [key, value] of Object.entries(applied)) {
      if (value !== undefined) {
        setKey(result, key, mergeApplied(memberSchema(schema, key), ownValue(live, key), value));
      }
    }
    return result;
  }
  if (Array.isArray(applied) && Array.isArray(live)) {
    const kind = listKind(schema, [...live, ...applied]);
    if (kind === "set") {
      return [...live, ...applied.filter((item) => !live.some((known) => equalJson(known, item)))];
    }
    if (kind === "map") return mergeMembers(schema, live, applied);
  }
  return cloneJson(applied);
}

function mergeMembers(schema: Schema | undefined, live: readonly Json[], applied: readonly Json[]): Json[] {
  const wanted = new Map(applied.filter(isObject).map((item) => [keyElement(schema, item), item]));
  const result = live.map((item) => {
    const name = isObject(item) ? keyElement(schema, item) : "";
    const over = wanted.get(name);
    wanted.delete(name);
    return over === undefined ? item : mergeApplied(schema?.items, item, over);
  });
  return [...result, ...[...wanted.values()].map((item) => cloneJson(item))];
}

/** Takes away the fields named by `gone`; containers that become empty with them go too. Nothing is changed in place. */
export function withoutFields(schema: Schema | undefined, value: Json, gone: FieldSet): Json {
  if (isObject(value)) return withoutMembers(schema, value, gone);
  if (!Array.isArray(value)) return value;
  const kind = listKind(schema, value);
  if (kind === "atomic") return value;
  return value.flatMap((item): Json[] => {
    const name = kind === "set" || !isObject(item) ? valueElement(item) : keyElement(schema, item);
    const inner = gone[name];
    if (inner === undefined) return [item];
    if (Object.keys(inner).length === 0 || Object.hasOwn(inner, ".")) return [];
    return [withoutFields(schema?.items, item, inner)];
  });
}

function withoutMembers(schema: Schema | undefined, value: JsonObject, gone: FieldSet): JsonObject {
  const result: JsonObject = { ...value };
  for (const [element, inner] of Object.entries(gone)) {
    const key = element.slice(2);
    const member = ownValue(value, key);
    if (!element.startsWith("f:") || member === undefined) continue;
    if (Object.keys(inner).length === 0) {
      delete result[key];
      continue;
    }
    const left = withoutFields(memberSchema(schema, key), member, inner);
    if (isEmptied(member, left)) delete result[key];
    else setKey(result, key, left);
  }
  return result;
}

function isEmptied(before: Json, after: Json): boolean {
  const size = (value: Json): number =>
    Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 1;
  return size(before) > 0 && size(after) === 0;
}
