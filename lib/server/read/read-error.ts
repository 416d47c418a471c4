import type { Permission } from "../../contract/common.ts";
import type { FieldError } from "../../contract/problem.ts";

/**
 * A read that cannot be answered, with what the person is to be told. `status` and `code` are those of the HTTP
 * contract's problem; `detail` is a sentence of ours and never the API server's body.
 */
export class ReadError extends Error {
  override readonly name = "ReadError";
  readonly status: 400 | 403 | 404 | 409 | 422 | 502 | 503 | 504;
  readonly code: string;
  readonly detail: string;
  /** What keeps a `starting` server from reading. */
  readonly trouble: string | null;
  readonly retryAfterSeconds: number | null;
  readonly permission: Permission | null;
  readonly errors: readonly FieldError[];

  constructor(init: {
    status: ReadError["status"];
    code: string;
    detail: string;
    trouble?: string | null;
    retryAfterSeconds?: number;
    permission?: Permission;
    errors?: readonly FieldError[];
  }) {
    super(init.detail);
    this.status = init.status;
    this.code = init.code;
    this.detail = init.detail;
    this.trouble = init.trouble ?? null;
    this.retryAfterSeconds = init.retryAfterSeconds ?? null;
    this.permission = init.permission ?? null;
    this.errors = init.errors ?? [];
  }
}

/** 404 for a thing that is not in the inventory. `kind` as people say it: "pool", "block". */
export function notFound(kind: string, name: string): ReadError {
  return new ReadError({ status: 404, code: "not-found", detail: `There is no ${kind} named ${name}.` });
}

/** 422 for one query parameter. */
export function invalidParameter(field: string, message: string): ReadError {
  return new ReadError({
    status: 422,
    code: "invalid-parameter",
    detail: `${field}: ${message}`,
    errors: [{ field, message }],
  });
}
