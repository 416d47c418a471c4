import { cloneJson, equalJson, hasKey, isObject, type Json, ownValue, setKey } from "../store/json.ts";
import { ApiError } from "./status.ts";

/**
 * RFC 6902 on a copy of `target`.
 * @throws ApiError 400 for a malformed patch, 422 for one that does not fit
 */
export function applyJsonPatch(target: Json, patch: Json): Json {
  if (!Array.isArray(patch)) throw malformed(jsonName(patch));
  let root: Json = cloneJson(target);
  for (const step of patch) {
    if (!isObject(step)) throw malformed(jsonName(step));
    root = applyStep(root, String(step["op"]), pathOf(step["path"]), step["value"], step["from"]);
  }
  return root;
}

function malformed(what: string): ApiError {
  return new ApiError(
    400,
    "BadRequest",
    `error decoding patch: json: cannot unmarshal ${what} into Go value of type []handlers.jsonPatchOp`,
  );
}

function jsonName(value: Json): string {
  return Array.isArray(value) ? "array" : typeof value;
}

/** The API server does not say what does not fit. */
function misfit(): ApiError {
  return new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {
    details: {},
  });
}

function pathOf(value: Json | undefined): string[] {
  if (typeof value !== "string" || (value !== "" && !value.startsWith("/"))) {
    throw misfit();
  }
  return value
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function applyStep(
  root: Json,
  op: string,
  path: string[],
  value: Json | undefined,
  from: Json | undefined,
): Json {
  switch (op) {
    case "add":
      return put(root, path, cloneJson(value ?? null), true);
    case "replace":
      // A member that is not there is added, as the library that kube-apiserver uses does it; an item must be there.
      member(root, path);
      return put(root, path, cloneJson(value ?? null), false);
    case "remove":
      return remove(root, path);
    case "test":
      if (!equalJson(member(root, path) ?? null, value ?? null)) throw misfit();
      return root;
    case "move": {
      const moved = read(root, pathOf(from));
      return put(remove(root, pathOf(from)), path, moved, true);
    }
    case "copy":
      return put(root, path, cloneJson(read(root, pathOf(from))), true);
    default:
      throw misfit();
  }
}

function read(root: Json, path: readonly string[]): Json {
  let at: Json | undefined = root;
  for (const key of path) at = childOf(at, key);
  return at;
}

/** The value at a path; undefined when all but the last member of the path are there. */
function member(root: Json, path: readonly string[]): Json | undefined {
  const key = path.at(-1);
  const parent = read(root, path.slice(0, -1));
  return key !== undefined && isObject(parent) ? ownValue(parent, key) : read(root, path);
}

function childOf(parent: Json, key: string): Json {
  if (Array.isArray(parent)) {
    const item = parent[indexOf(key, parent.length - 1)];
    if (item !== undefined) return item;
  } else if (isObject(parent) && hasKey(parent, key)) {
    return parent[key] ?? null;
  }
  throw misfit();
}

function put(root: Json, path: readonly string[], value: Json, insert: boolean): Json {
  const key = path.at(-1);
  if (key === undefined) return value;
  const parent = read(root, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = key === "-" ? parent.length : indexOf(key, insert ? parent.length : parent.length - 1);
    parent.splice(index, insert ? 0 : 1, value);
  } else if (isObject(parent)) {
    setKey(parent, key, value);
  } else {
    throw misfit();
  }
  return root;
}

function remove(root: Json, path: readonly string[]): Json {
  const key = path.at(-1);
  if (key === undefined) throw misfit();
  read(root, path);
  const parent = read(root, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(indexOf(key, parent.length - 1), 1);
  else if (isObject(parent)) delete parent[key];
  return root;
}

/** A negative index counts from the end, as the library that kube-apiserver uses has it. */
function indexOf(key: string, last: number): number {
  const given = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN;
  const index = given < 0 ? given + last + 1 : given;
  if (Number.isNaN(index) || index < 0 || index > last) throw misfit();
  return index;
}
