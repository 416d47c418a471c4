import { cloneJson, isObject, type Json, type JsonObject, ownValue, setKey } from "../store/json.ts";

/** RFC 7386. Neither argument is changed. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return cloneJson(patch);
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete result[key];
    else setKey(result, key, applyMergePatch(ownValue(result, key), value));
  }
  return result;
}
