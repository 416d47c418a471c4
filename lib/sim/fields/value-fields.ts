import type { Schema } from "../schema/schema.ts";
import { memberSchema } from "../schema/schema.ts";
import { equalJson, isObject, type Json, type JsonObject } from "../store/json.ts";
import type { FieldSet } from "./field-set.ts";
import { isAtomicMap, keyElement, listKind, valueElement } from "./list-kind.ts";

/**
 * Fields of a value. `applied` lists what a configuration names; `added` also lists the objects and lists that came into
 * being with their contents.
 */
export function fieldsOf(schema: Schema | undefined, value: Json, how: "applied" | "added"): FieldSet {
  const result: FieldSet = how === "added" ? { ".": {} } : {};
  if (Array.isArray(value)) {
    const kind = listKind(schema, value);
    if (kind === "atomic" || value.length === 0) return {};
    for (const item of value) {
      if (kind === "set") result[valueElement(item)] = {};
      else if (isObject(item)) {
        result[keyElement(schema, item)] = { ".": {}, ...fieldsOf(schema?.items, item, how) };
      }
    }
    return result;
  }
  if (!isObject(value) || isAtomicMap(schema) || Object.keys(value).length === 0) return {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) result[`f:${key}`] = fieldsOf(memberSchema(schema, key), inner, how);
  }
  return result;
}

export interface Change {
  /** Fields that are new or have another value. */
  readonly changed: FieldSet;
  /** Fields that are no longer there. */
  readonly removed: FieldSet;
}

/** Compares two objects of one kind. */
export function compareFields(schema: Schema | undefined, before: JsonObject, after: JsonObject): Change {
  const changed: FieldSet = {};
  const removed: FieldSet = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    compareMember(memberSchema(schema, key), `f:${key}`, before[key], after[key], changed, removed);
  }
  return { changed, removed };
}

function compareMember(
  schema: Schema | undefined,
  element: string,
  before: Json | undefined,
  after: Json | undefined,
  changed: FieldSet,
  removed: FieldSet,
): void {
  if (equalJson(before, after)) return;
  if (after === undefined) {
    removed[element] = {};
  } else if (before === undefined) {
    changed[element] = fieldsOf(schema, after, "added");
  } else {
    const inner = compareValues(schema, before, after);
    if (Object.keys(inner.changed).length > 0 || inner.isWhole) changed[element] = inner.changed;
    if (Object.keys(inner.removed).length > 0) removed[element] = inner.removed;
  }
}

function compareValues(schema: Schema | undefined, before: Json, after: Json): Change & { isWhole: boolean } {
  if (isObject(before) && isObject(after) && !isAtomicMap(schema)) {
    return { ...compareFields(schema, before, after), isWhole: false };
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const kind = listKind(schema, [...before, ...after]);
    if (kind !== "atomic") return { ...compareLists(schema, kind, before, after), isWhole: false };
  }
  return { changed: {}, removed: {}, isWhole: true };
}

function compareLists(
  schema: Schema | undefined,
  kind: "set" | "map",
  before: readonly Json[],
  after: readonly Json[],
): Change {
  const element = (item: Json): string =>
    kind === "set" || !isObject(item) ? valueElement(item) : keyElement(schema, item);
  const old = new Map(before.map((item) => [element(item), item]));
  const changed: FieldSet = {};
  const removed: FieldSet = {};
  for (const item of after) {
    const name = element(item);
    const known = old.get(name);
    old.delete(name);
    if (known === undefined) {
      changed[name] = kind === "set" ? {} : { ".": {}, ...fieldsOf(schema?.items, item, "added") };
    } else {
      compareMember(schema?.items, name, known, item, changed, removed);
    }
  }
  for (const name of old.keys()) removed[name] = {};
  return { changed, removed };
}
