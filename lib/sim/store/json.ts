import { parseLossless, stringifyLossless } from "../../calico/lossless-json.ts";

/** A JSON value whose integers beyond 2^53 are bigint, so that nothing is rounded on the way through. */
export type Json = null | boolean | number | bigint | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** @throws SyntaxError */
export function parseJson(text: string): Json {
  return parseLossless(text) as Json; // a JSON text yields nothing else
}

export function stringifyJson(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch {
    return stringifyLossless(value); // a bigint is inside
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at `key`, or an empty one that is not attached to `parent`. */
export function objectAt(parent: JsonObject | undefined, key: string): JsonObject {
  const value = parent?.[key];
  return isObject(value) ? value : {};
}

export function listAt(parent: JsonObject | undefined, key: string): Json[] {
  const value = parent?.[key];
  return Array.isArray(value) ? value : [];
}

export function textAt(parent: JsonObject | undefined, key: string): string {
  const value = parent?.[key];
  return typeof value === "string" ? value : "";
}

export function numberAt(parent: JsonObject | undefined, key: string): number {
  const value = parent?.[key];
  return typeof value === "number" ? value : 0;
}

/** Sets an own property, also one called `__proto__`. */
export function setKey(target: JsonObject, key: string, value: Json): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

export function hasKey(target: JsonObject, key: string): boolean {
  return Object.hasOwn(target, key);
}

/** Own value at `key`; undefined when absent, also for names that every object inherits. */
export function ownValue(target: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(target, key) ? target[key] : undefined;
}

export function cloneJson<T extends Json>(value: T): T;
export function cloneJson(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => cloneJson(item));
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) setKey(copy, key, cloneJson(inner));
  }
  return copy;
}

export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = definedKeys(a);
  return (
    keys.length === definedKeys(b).length && keys.every((key) => hasKey(b, key) && equalJson(a[key], b[key]))
  );
}

function definedKeys(value: JsonObject): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined);
}
