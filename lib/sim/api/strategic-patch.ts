import type { Schema } from "../schema/schema.ts";
import type { Json } from "../store/json.ts";
import { applyMergePatch } from "./merge-patch.ts";

export function applyStrategicPatch(
  _schema: Schema | undefined,
  target: Json | undefined,
  patch: Json,
): Json {
  return applyMergePatch(target, patch);
}
