/**
 * `instanceof` for these classes. Next gives routes and instrumentation a copy of each module, and a connection made by one
 * copy is used by all: an error is known by its name, whichever copy of its class threw it. Subclasses are known as usual.
 */
function isOf(
  asked: unknown,
  type: abstract new (...given: never[]) => Error,
  name: string,
  value: unknown,
): boolean {
  const usual = Function.prototype[Symbol.hasInstance].call(asked, value);
  return usual || (asked === type && value instanceof Error && value.name === name);
}

/** The kubeconfig (or the pod's service account) cannot be used. The message is one line and ends with a remedy. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOf(this, KubeconfigError, "KubeconfigError", value);
  }
}

/** A name that must not become part of a URL. Thrown before anything is sent. */
export class InvalidNameError extends Error {
  override readonly name = "InvalidNameError";

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOf(this, InvalidNameError, "InvalidNameError", value);
  }
}

/** What a `Status` object of Kubernetes says about the fields of a refused object. */
export interface ApiErrorCause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

export interface ApiErrorDetails {
  readonly name: string | null;
  readonly group: string | null;
  readonly kind: string | null;
  readonly causes: readonly ApiErrorCause[];
}

/** The API server answered, and said no. `reason` is its own word ("Conflict"), or "" when the body was no Status object. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOf(this, ApiError, "ApiError", value);
  }

  readonly status: number;
  readonly reason: string;
  readonly details: ApiErrorDetails;
  /** Seconds to wait as the server asked (header or Status), or null. Not clamped. */
  readonly retryAfter: number | null;

  constructor(init: {
    status: number;
    reason: string;
    message: string;
    details?: ApiErrorDetails;
    retryAfter?: number | null;
  }) {
    super(init.message);
    this.status = init.status;
    this.reason = init.reason;
    this.details = init.details ?? { name: null, group: null, kind: null, causes: [] };
    this.retryAfter = init.retryAfter ?? null;
  }
}

/**
 * No usable answer: the network failed, time ran out, or something that is not an API server answered.
 * `sent` says whether the request can have reached a server: after "maybe" a write's outcome is unknown.
 */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOf(this, UnreachableError, "UnreachableError", value);
  }

  /** `badProtobuf`: something says that it is protobuf, and cannot be read. In JSON it may be. */
  readonly why: "network" | "timeout" | "notKubernetes" | "badProtobuf";
  readonly sent: "no" | "maybe";

  constructor(
    why: UnreachableError["why"],
    sent: UnreachableError["sent"],
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.why = why;
    this.sent = sent;
  }
}

/** The credential itself could not be made: the exec plugin failed, or its kind is not supported any more. */
export class CredentialError extends Error {
  override readonly name = "CredentialError";

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOf(this, CredentialError, "CredentialError", value);
  }
}

/**
 * What became of a write that threw: `refused` and `notSent` changed nothing; after `unknown` the object must be read back.
 * A 5xx counts as unknown, because the API server also answers so when its storage ran out of time after the write.
 */
export function writeOutcome(error: unknown): "refused" | "notSent" | "unknown" {
  if (error instanceof ApiError) return error.status < 500 ? "refused" : "unknown";
  if (error instanceof UnreachableError) return error.sent === "no" ? "notSent" : "unknown";
  if (error instanceof InvalidNameError || error instanceof CredentialError) return "notSent";
  return "unknown";
}
