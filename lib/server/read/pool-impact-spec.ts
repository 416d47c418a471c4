import type { ImpactQuery } from "../../contract/impact.ts";
import { PoolChange } from "../../contract/pools.ts";
import type { FieldError } from "../../contract/problem.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { fieldErrors } from "../input.ts";
import { wrongWords } from "../input-words.ts";
import { parseStrictJson } from "../strict-json.ts";
import { changeErrors } from "../write/pool-checks.ts";
import { poolNamed } from "./pools.ts";
import { invalidParameter, ReadError } from "./read-error.ts";

/**
 * The fields that an `update` would change, checked as a write of them would be; undefined for every other action. Throws ReadError
 * 422 by field: `spec`, `spec.nodeSelector`.
 */
export function impactChange(
  inventory: Inventory,
  name: string,
  { action, spec }: ImpactQuery,
): PoolChange | undefined {
  if (action !== "update") {
    if (spec !== undefined) throw invalidParameter("spec", "goes with action=update only");
    return undefined;
  }
  if (spec === undefined) throw invalidParameter("spec", "must say which fields action=update changes");
  const parsed = PoolChange.safeParse(readJson(spec), { error: wrongWords });
  if (!parsed.success) throw invalid(fieldErrors(parsed.error));
  const errors = changeErrors(poolNamed(inventory, name).pool, parsed.data, inventory);
  if (errors.length > 0) throw invalid(errors);
  return parsed.data;
}

function readJson(text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch (error) {
    throw invalidParameter("spec", `is not JSON: ${error instanceof Error ? error.message : "unreadable"}`);
  }
}

function invalid(found: readonly FieldError[]): ReadError {
  const errors = found.map(({ field, message }) => ({
    field: field === "" ? "spec" : `spec.${field}`,
    message,
  }));
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join("; ");
  return new ReadError({ status: 422, code: "invalid-parameter", detail, errors });
}
