import type { Permission } from "../contract/common.ts";
import type { FieldError, Problem } from "../contract/problem.ts";
import { log } from "./log.ts";

/** Every code we answer with: its status and its title. */
const codes = {
  "bad-request": [400, "The request cannot be read"],
  "invalid-json": [400, "The body is not JSON"],
  "invalid-yaml": [400, "The manifest is not YAML"],
  "invalid-name": [400, "Not the name of an object"],
  unauthenticated: [401, "Log in first"],
  forbidden: [403, "Not permitted"],
  "read-only": [403, "This server is read-only"],
  "cross-site": [403, "Requests from other sites are refused"],
  "not-found": [404, "Not found"],
  "method-not-allowed": [405, "This method is not known here"],
  conflict: [409, "Somebody else changed it"],
  "already-exists": [409, "It exists already"],
  "not-calico-ipam": [409, "This cluster does not use Calico IPAM"],
  managed: [409, "Something else owns it"],
  "in-use": [409, "It is still in use"],
  "too-large": [413, "The body is too large"],
  "unsupported-media-type": [415, "The body must be application/json"],
  misdirected: [421, "This server does not go by that name"],
  "invalid-fields": [422, "Some fields are wrong"],
  "invalid-parameter": [422, "Some parameters are wrong"],
  "rate-limited": [429, "Too many writes"],
  "too-many-streams": [429, "Too many streams"],
  internal: [500, "Something went wrong here"],
  upstream: [502, "The API server refused or failed"],
  starting: [503, "Still reading the cluster"],
  stale: [503, "The cluster cannot be reached"],
  "no-room": [503, "This server feeds as many streams as it can"],
  stopping: [503, "This server is shutting down"],
  "outcome-unknown": [504, "Nobody knows whether it happened"],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemCode = keyof typeof codes;

interface Extras {
  /** Where the code's own title says the wrong thing. */
  readonly title?: string;
  readonly trouble?: string;
  readonly errors?: readonly FieldError[];
  readonly current?: unknown;
  readonly written?: boolean;
  readonly permission?: Permission;
  readonly login?: "token";
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal on purpose. `detail` goes to the person as it is: our own words, or Calico's and the API server's as text. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly extras: Extras;

  constructor(code: ProblemCode, detail: string, extras: Extras = {}) {
    super(detail);
    this.code = code;
    this.extras = extras;
  }

  get status(): number {
    return codes[this.code][0];
  }
}

/** Wrong fields of a body, one entry each. */
export function invalidFields(errors: readonly FieldError[]): ProblemError {
  const detail = errors.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; ");
  return new ProblemError("invalid-fields", detail, { errors });
}

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the errors of the read use cases carry. They may come from another copy of the module, hence no `instanceof`. */
interface StatusLike extends Error {
  readonly status: number;
  readonly code: string;
  readonly trouble?: string | null;
  readonly retryAfterSeconds?: number | null;
  readonly permission?: Permission | null;
  readonly errors?: readonly FieldError[] | null;
}

function hasStatus(error: unknown): error is StatusLike {
  return (
    error instanceof Error &&
    error.name === "ReadError" &&
    "status" in error &&
    typeof error.status === "number"
  );
}

const titles: Readonly<Record<string, readonly [number, string]>> = codes;

/** Turns whatever was thrown into an answer. What nobody foresaw is logged and leaves as a bare 500. */
export function toProblem(error: unknown, requestId: string): ProblemAnswer {
  if (error instanceof ProblemError) return answer(error.status, error.code, error.message, error.extras);
  if (hasStatus(error)) {
    return answer(error.status, error.code, error.message, {
      ...(error.retryAfterSeconds ? { headers: { "Retry-After": String(error.retryAfterSeconds) } } : {}),
      ...(error.errors && error.errors.length > 0 ? { errors: error.errors } : {}),
      ...(error.permission ? { permission: error.permission } : {}),
      ...(error.trouble ? { trouble: error.trouble } : {}),
    });
  }
  log.error({ requestId, err: error }, "unexpected error");
  return answer(500, "internal", "Poolboard failed; its log has the reason under this request id.", {});

  function answer(status: number, code: string, detail: string, extras: Extras): ProblemAnswer {
    const { headers = {}, title, errors, current, written, permission, trouble, login } = extras;
    const problem: Problem = {
      type: `urn:poolboard:problem:${code}`,
      title: title ?? titles[code]?.[1] ?? code,
      status,
      code,
      detail,
      requestId,
      ...(errors ? { errors: [...errors] } : {}),
      ...(current === undefined ? {} : { current }),
      ...(written === undefined ? {} : { written }),
      ...(permission ? { permission } : {}),
      ...(trouble === undefined ? {} : { trouble }),
      ...(login === undefined ? {} : { login }),
    };
    return { problem, headers };
  }
}
