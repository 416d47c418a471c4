import type { FieldValidation } from "./body.ts";
import type { ResourceRequest } from "./request.ts";
import { ApiError, type Cause, quote } from "./status.ts";

/** @throws ApiError 422 for anything but "All": a dry run that is not understood must not become a write */
export function isDryRun(values: readonly string[], kind: string): boolean {
  if (values.length === 0) return false;
  if (values.every((value) => value === "All")) return true;
  throw unsupportedOption(kind, "dryRun", `[${values.map(quote).join(",")}]`, ["All"]);
}

/** @throws ApiError 422 */
export function fieldValidation(request: ResourceRequest): FieldValidation {
  const value = request.query.get("fieldValidation") ?? "";
  if (value === "") return "Warn";
  if (value === "Strict" || value === "Warn" || value === "Ignore") return value;
  throw unsupportedOption(optionsKind(request), "fieldValidation", quote(value), [
    "",
    "Ignore",
    "Strict",
    "Warn",
  ]);
}

/** The options object that a client of a Kubernetes library would have filled in. */
export function optionsKind({ verb }: ResourceRequest): string {
  return verb === "update" ? "UpdateOptions" : verb === "patch" ? "PatchOptions" : "CreateOptions";
}

/** `kind` is the options object that real clients send, such as DeleteOptions. */
export function unsupportedOption(
  kind: string,
  field: string,
  shown: string,
  supported: readonly string[],
): ApiError {
  const cause: Cause = {
    reason: "FieldValueNotSupported",
    message: `Unsupported value: ${shown}: supported values: ${supported.map(quote).join(", ")}`,
    field,
  };
  return new ApiError(422, "Invalid", `${kind}.meta.k8s.io "" is invalid: ${field}: ${cause.message}`, {
    details: { group: "meta.k8s.io", kind, causes: [cause] },
  });
}
