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
  /** Which fields a refusal concerns; absent: those that the API server names. */
  readonly fields?: (error: ApiError) => FieldError[];
}

/** Why nobody knows whether a write happened; null: it is known. */
export function unknownWhy(error: unknown): string | null {
  if (isApiError(error)) {
    const isKnown = error.status < 500 || hookFailure(error) !== null;
    return isKnown ? null : `the API server answered ${error.status}`;
  }
  return isUnreachable(error) && error.sent === "maybe" ? error.message : null;
}

/** A webhook that does not answer ends the write before anything is stored. Source: kubernetes apiserver pkg/admission/plugin/webhook/errors */
function hookFailure({ message }: ApiError): string | null {
  return /failed calling webhook "([^"]+)"/.exec(message)?.[1] ?? null;
}

/** Only this wording is about what the caller may do; admission refuses with 403 too. Source: kubernetes apiserver pkg/endpoints/handlers/responsewriters */
const NOT_PERMITTED = / is forbidden: User /;

/**
 * A problem for what the API server said, or did not say. `fields` finds the field that a cause concerns; without it the cause's
 * own is taken. A conflict is left to the caller, who knows what stands there now. Errors of another kind come back as they are.
 */
export function kubeProblem(
  error: unknown,
  { what, permission, writes, fields = asNamed }: Attempt,
): unknown {
  const unknown = writes ? unknownWhy(error) : null;
  if (unknown !== null)
    return new ProblemError("outcome-unknown", `Whether the ${what} was written is not known: ${unknown}.`);
  if (isApiError(error)) {
    const isOurRight = error.message === "" || NOT_PERMITTED.test(error.message);
    if (error.status === 403 && error.reason === "Forbidden" && (isOurRight || !writes))
      return forbidden(permission);
    if (error.status === 404) return new ProblemError("not-found", `There is no ${what}.`);
    if (error.status === 400 || error.status === 403 || error.status === 422)
      return invalidFields(fields(error));
    const hook = writes ? hookFailure(error) : null;
    return new ProblemError(
      "upstream",
      hook === null
        ? `The API server answered ${error.status}: ${error.message}`
        : `Nothing was written: the webhook ${hook} that must agree does not answer (${error.message}).`,
      retry(error),
    );
  }
  if (isUnreachable(error)) {
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

/** One entry per cause that the API server names; its own message as one entry when it names none. */
function asNamed(error: ApiError): FieldError[] {
  const { causes } = error.details;
  if (causes.length === 0) return [{ field: "", message: error.message }];
  return causes.map(({ field, message }) => ({ field: field === "<nil>" ? "" : field, message }));
}

const retry = ({ retryAfter }: ApiError) =>
  retryAfter === null ? {} : { headers: { "Retry-After": String(Math.min(60, Math.max(1, retryAfter))) } };
