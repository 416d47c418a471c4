import type { Permission } from "../../contract/common.ts";
import type { FieldError } from "../../contract/problem.ts";
import type { ApiError, UnreachableError } from "../../kube/errors.ts";
import { forbidden } from "../permission.ts";
import { invalidFields, ProblemError } from "../problem.ts";

// The connection was made by another copy of lib/kube than a route bundle has: its errors are known by their name.
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === "ApiError";
}

function isUnreachable(error: unknown): error is UnreachableError {
  return error instanceof Error && error.name === "UnreachableError";
}

/** What an attempt was about, for the words of the refusal. */
export interface Attempt {
  /** "pool external-pool". */
  readonly what: string;
  readonly permission: Permission;
  /** True: nothing may have happened without an answer; false for reads. */
  readonly writes: boolean;
}

/** One entry per cause that the API server names; its own message as one entry when it names none. */
function causesOf(error: ApiError): FieldError[] {
  const { causes } = error.details;
  if (causes.length === 0) return [{ field: "", message: error.message }];
  return causes.map(({ field, message }) => ({ field: field === "<nil>" ? "" : field, message }));
}

/**
 * A problem for what the API server said, or did not say. A conflict is left to the caller, who knows what stands there
 * now. Errors of another kind come back as they are.
 */
export function kubeProblem(error: unknown, { what, permission, writes }: Attempt): unknown {
  if (isApiError(error)) {
    if (error.status === 403 && error.reason === "Forbidden") return forbidden(permission);
    if (error.status === 404) return new ProblemError("not-found", `There is no ${what}.`);
    if (error.status === 400 || error.status === 403 || error.status === 422)
      return invalidFields(causesOf(error));
    if (error.status >= 500 && writes) return unknownOutcome(what, `the API server answered ${error.status}`);
    return new ProblemError(
      "upstream",
      `The API server answered ${error.status}: ${error.message}`,
      retry(error),
    );
  }
  if (isUnreachable(error)) {
    if (writes && error.sent === "maybe") return unknownOutcome(what, error.message);
    return new ProblemError(
      "upstream",
      `${writes ? "Nothing was written: t" : "T"}he API server did not answer (${error.message}).`,
    );
  }
  if (error instanceof Error && (error.name === "CredentialError" || error.name === "KubeconfigError")) {
    return new ProblemError("upstream", `There are no credentials for the API server: ${error.message}`);
  }
  return error;
}

const retry = ({ retryAfter }: ApiError) =>
  retryAfter === null ? {} : { headers: { "Retry-After": String(Math.min(60, Math.max(1, retryAfter))) } };

function unknownOutcome(what: string, why: string): ProblemError {
  return new ProblemError("outcome-unknown", `Whether the ${what} was written is not known: ${why}.`);
}
