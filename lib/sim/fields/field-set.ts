import { isObject, type JsonObject } from "../store/json.ts";

/**
 * A set of field paths in the shape of FieldsV1: members by `f:name`, `k:{"key":…}` or `v:value`; an empty node is a
 * member itself, a node with members is one only when it has `.`.
 */
export interface FieldSet extends JsonObject {
  [element: string]: FieldSet;
}

function isMember(node: FieldSet): boolean {
  return Object.keys(node).length === 0 || Object.hasOwn(node, ".");
}

/** Reads a stored `fieldsV1`; what is not a set is left out. */
export function readFieldSet(value: unknown): FieldSet {
  const set: FieldSet = {};
  if (!isObject(value)) return set;
  for (const [element, inner] of Object.entries(value)) {
    if (isObject(inner)) set[element] = readFieldSet(inner);
  }
  return set;
}

export function isEmptySet(set: FieldSet | null): boolean {
  return set === null || Object.keys(set).length === 0;
}

function union(a: FieldSet, b: FieldSet): FieldSet {
  if (Object.keys(a).length === 0) return Object.keys(b).length === 0 ? a : { ".": {}, ...b };
  if (Object.keys(b).length === 0) return { ".": {}, ...a };
  const result: FieldSet = { ...a };
  for (const [element, inner] of Object.entries(b)) {
    const known = result[element];
    result[element] = known === undefined ? inner : element === "." ? known : union(known, inner);
  }
  return result;
}

/** Union of whole sets, where an empty set has no members. */
export function unionSets(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a)) return b;
  return isEmptySet(b) ? a : union(a, b);
}

/** What is in `a` but not in `b`; null when nothing is left. */
function minus(a: FieldSet, b: FieldSet): FieldSet | null {
  const keepsItself = isMember(a) && !isMember(b);
  const result: FieldSet = {};
  for (const [element, inner] of Object.entries(a)) {
    if (element === ".") continue;
    const other = b[element];
    const left = other === undefined ? inner : minus(inner, other);
    if (left !== null) result[element] = left;
  }
  if (Object.keys(result).length === 0) return keepsItself ? {} : null;
  return keepsItself ? { ".": {}, ...result } : result;
}

/** Difference of whole sets, where an empty set has no members. */
export function minusSets(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return a;
  return minus(a, b) ?? {};
}

/** Removes every path of `b`, and everything below a path that is a member of `b` and has nothing below it there. */
export function minusDeep(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSet = {};
  for (const [element, inner] of Object.entries(a)) {
    const other = b[element];
    if (other === undefined) {
      result[element] = inner;
    } else if (element !== "." && Object.keys(other).length > 0) {
      const left = minusDeep(inner, other);
      if (Object.keys(left).length > 0) result[element] = left;
    }
  }
  return result;
}

/** Paths in both sets, printed as conflicts are: `.spec.containers[name="web"].image`. */
export function commonPaths(a: FieldSet, b: FieldSet, prefix = ""): string[] {
  if (isMember(a) && isMember(b) && prefix !== "") {
    const deeper = childPaths(a, b, prefix);
    return Object.keys(a).length === 0 || Object.keys(b).length === 0 ? [prefix, ...deeper] : deeper;
  }
  return childPaths(a, b, prefix);
}

function childPaths(a: FieldSet, b: FieldSet, prefix: string): string[] {
  return Object.entries(a).flatMap(([element, inner]) => {
    const other = b[element];
    return element === "." || other === undefined
      ? []
      : commonPaths(inner, other, prefix + elementText(element));
  });
}

function elementText(element: string): string {
  const text = element.slice(2);
  if (element.startsWith("f:")) return `.${text}`;
  if (element.startsWith("v:")) return `[=${text}]`;
  const key: unknown = JSON.parse(text);
  const parts = isObject(key)
    ? Object.entries(key).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    : [];
  return `[${parts.join(",")}]`;
}
