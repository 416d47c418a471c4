import { isObject, type Json, type JsonObject } from "../store/json.ts";
import { jsonProblem } from "./body.ts";
import { applyJsonPatch } from "./json-patch.ts";
import { applyMergePatch } from "./merge-patch.ts";
import type { ResourceType } from "./resource-type.ts";
import { ApiError, badRequest, unsupportedMediaType } from "./status.ts";
import { parseJson } from "../store/json.ts";
import { applyStrategicPatch } from "./strategic-patch.ts";

export const applyMedia = "application/apply-patch+yaml";
const known = new Set([
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  applyMedia,
]);

/** @throws ApiError 415 for a patch of a kind this resource does not take */
export function checkPatchMedia(media: string, type: ResourceType): void {
  if (!known.has(media)) {
    throw new ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", { details: {} });
  }
  if (media === "application/strategic-merge-patch+json" && type.custom) {
    throw unsupportedMediaType(["application/json-patch+json", "application/merge-patch+json", applyMedia]);
  }
}

/**
 * A patch of any kind but apply, applied to a copy.
 * @throws ApiError 400, 422
 */
export function applyPatch(media: string, text: string, type: ResourceType, old: JsonObject): JsonObject {
  let patch: Json;
  try {
    patch = parseJson(text);
  } catch (error) {
    throw badRequest(`error decoding patch: ${jsonProblem(text, error)}`);
  }
  if (media !== "application/json-patch+json" && !isObject(patch)) {
    const what = Array.isArray(patch) ? "array" : typeof patch;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${what} into Go value of type map[string]interface {}`,
    );
  }
  const result =
    media === "application/json-patch+json"
      ? applyJsonPatch(old, patch)
      : media === "application/merge-patch+json"
        ? applyMergePatch(old, patch)
        : applyStrategicPatch(type.schema, old, patch);
  if (!isObject(result)) throw badRequest("the patch leaves no object");
  return result;
}
