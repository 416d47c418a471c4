import { memberSchema, type Schema } from "../schema/schema.ts";
import {
  cloneJson,
  equalJson,
  hasKey,
  isObject,
  type Json,
  type JsonObject,
  ownValue,
  setKey,
} from "../store/json.ts";
import { badRequest } from "./status.ts";

const deleteFrom = "$deleteFromPrimitiveList/";
const elementOrder = "$setElementOrder/";

/**
 * Kubernetes' strategic merge patch: as a merge patch, but lists are merged where the schema names a merge key.
 * Neither argument is changed. Source: kubernetes/apimachinery pkg/util/strategicpatch/patch.go
 * @throws ApiError 400 for directives that cannot be followed
 */
export function applyStrategicPatch(schema: Schema | undefined, target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return cloneJson(patch);
  return mergeObject(schema, isObject(target) ? target : {}, patch);
}

function mergeObject(schema: Schema | undefined, target: JsonObject, patch: JsonObject): JsonObject {
  const directive = patch["$patch"];
  if (directive === "replace") return withoutDirectives(patch);
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge") {
    throw badRequest(`invalid value for $patch: ${JSON.stringify(directive)}`);
  }
  const result: JsonObject = { ...target };
  const retained = patch["$retainKeys"];
  if (Array.isArray(retained)) {
    for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined || key.startsWith("$")) continue;
    if (value === null) delete result[key];
    else setKey(result, key, mergeMember(memberSchema(schema, key), ownValue(result, key), value));
  }
  for (const [key, value] of Object.entries(patch)) {
    if (!Array.isArray(value)) continue;
    if (key.startsWith(deleteFrom)) removeMembers(result, key.slice(deleteFrom.length), value);
    else if (key.startsWith(elementOrder))
      order(schema, target, result, key.slice(elementOrder.length), value);
  }
  return result;
}

function mergeMember(schema: Schema | undefined, before: Json | undefined, value: Json): Json {
  if (Array.isArray(value)) return mergeList(schema, before, value);
  if (!isObject(value)) return value;
  return mergeObject(schema, isObject(before) ? before : {}, value);
}

function mergeList(schema: Schema | undefined, before: Json | undefined, patch: readonly Json[]): Json {
  const replaced = patch.some((item) => isObject(item) && item["$patch"] === "replace");
  const merges = schema?.["x-kubernetes-patch-strategy"]?.split(",").includes("merge") === true;
  if (replaced || !merges || !Array.isArray(before)) {
    return patch
      .filter((item) => !isObject(item) || item["$patch"] === undefined)
      .map((item) => (isObject(item) ? mergeObject(schema?.items, {}, item) : item));
  }
  const key = schema?.["x-kubernetes-patch-merge-key"];
  return key === undefined ? mergeSet(before, patch) : mergeKeyed(schema?.items, key, before, patch);
}

function mergeSet(before: readonly Json[], patch: readonly Json[]): Json[] {
  const added = patch.filter((item) => !before.some((known) => equalJson(known, item)));
  return arranged([...before, ...added], patch, before, undefined);
}

function mergeKeyed(
  items: Schema | undefined,
  key: string,
  before: readonly Json[],
  patch: readonly Json[],
): Json[] {
  let result = [...before];
  for (const item of patch) {
    if (!isObject(item))
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    if (!hasKey(item, key)) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    const isSame = (known: Json): boolean => isObject(known) && equalJson(known[key], item[key]);
    if (item["$patch"] === "delete") {
      result = result.filter((known) => !isSame(known));
      continue;
    }
    const at = result.findIndex(isSame);
    const known = result[at];
    const merged = mergeObject(items, isObject(known) ? known : {}, item);
    if (at === -1) result.push(merged);
    else result[at] = merged;
  }
  const named = patch.filter((item) => isObject(item) && item["$patch"] === undefined);
  return arranged(result, named, before, key);
}

function removeMembers(result: JsonObject, name: string, members: readonly Json[]): void {
  const list = ownValue(result, name);
  if (!Array.isArray(list)) return;
  setKey(
    result,
    name,
    list.filter((item) => !members.some((member) => equalJson(member, item))),
  );
}

/** Brings the list called `name` into the wanted order. */
function order(
  schema: Schema | undefined,
  target: JsonObject,
  result: JsonObject,
  name: string,
  wanted: readonly Json[],
): void {
  const list = ownValue(result, name);
  if (!Array.isArray(list)) return;
  const key = memberSchema(schema, name)?.["x-kubernetes-patch-merge-key"];
  const before = ownValue(target, name);
  setKey(result, name, arranged(list, wanted, Array.isArray(before) ? before : [], key));
}

/**
 * What `wanted` mentions in that order; the others in between, as they stood `before` relative to those that were there.
 * Source: kubernetes/apimachinery pkg/util/strategicpatch/patch.go normalizeElementOrder, mergeSortedSlice
 */
function arranged(
  list: readonly Json[],
  wanted: readonly Json[],
  before: readonly Json[],
  key: string | undefined,
): Json[] {
  const identity = (item: Json): Json => (key !== undefined && isObject(item) ? (item[key] ?? null) : item);
  const indexIn = (items: readonly Json[], item: Json): number =>
    items.findIndex((one) => equalJson(identity(one), identity(item)));
  const mentioned = list.filter((item) => indexIn(wanted, item) !== -1);
  mentioned.sort((a, b) => indexIn(wanted, a) - indexIn(wanted, b));
  const result: Json[] = [];
  for (const other of list.filter((item) => indexIn(wanted, item) === -1)) {
    const place = indexIn(before, other);
    const later = mentioned.findIndex((item) => place !== -1 && place < indexIn(before, item));
    result.push(...mentioned.splice(0, later === -1 ? mentioned.length : later), other);
  }
  return [...result, ...mentioned];
}

function withoutDirectives(patch: JsonObject): JsonObject {
  const { $patch: _directive, ...rest } = patch;
  return cloneJson(rest);
}
