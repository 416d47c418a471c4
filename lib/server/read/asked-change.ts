import { fieldPath } from "../../contract/field-path.ts";
import type { ImpactQuery } from "../../contract/impact.ts";
import { PoolChange } from "../../contract/pools.ts";
import { parseStrictJson } from "../strict-json.ts";
import { invalidParameter, ReadError } from "./read-error.ts";

/** The fields that `action` and `spec` of a query ask to change; null: the pool goes. Throws ReadError 422 by parameter. */
export function askedChange({ action, spec }: ImpactQuery): PoolChange | null {
  if (action !== "update") {
    if (spec !== undefined) throw invalidParameter("spec", "goes with action=update only");
    return action === "delete" ? null : { disabled: action === "disable" };
  }
  if (spec === undefined) throw invalidParameter("spec", "is missing: the changed fields as JSON");
  const parsed = PoolChange.safeParse(readJson(spec));
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(({ path, message, ...issue }) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          field: fieldPath(["spec", ...path, key]),
          message: "is not a field that can be changed",
        }))
      : [{ field: fieldPath(["spec", ...path]), message }],
  );
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join("; ");
  throw new ReadError({ status: 422, code: "invalid-parameter", detail, errors });
}

function readJson(text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch {
    throw invalidParameter("spec", "is not JSON");
  }
}
