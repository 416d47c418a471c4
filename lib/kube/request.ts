import type { Clock } from "./clock.ts";
import { ApiError, UnreachableError, type ApiErrorCause } from "./errors.ts";
import { type Message, PROTOBUF, readProtobuf } from "./protobuf.ts";
import { networkError, type TransportAnswer } from "./transport.ts";

/** JSON in and out. Callers that write Calico blocks back bring a lossless one. */
export interface JsonCodec {
  parse(text: string): unknown;
  stringify(value: unknown): string;
}

export interface Timeouts {
  /** From the call to the answer's head, connecting included. */
  readonly firstByteMs: number;
  /** Between two chunks of the body. */
  readonly gapMs: number;
  /** From the call to the last byte; null for a watch. */
  readonly totalMs: number | null;
}

export const CALL_TIMEOUTS: Timeouts = { firstByteMs: 15_000, gapMs: 15_000, totalMs: 15_000 };
export const REVIEW_TIMEOUTS: Timeouts = { firstByteMs: 3_000, gapMs: 3_000, totalMs: 3_000 };
/** For what a person waits for in front of a dialog, and which it can do without. */
export const GLANCE_TIMEOUTS: Timeouts = { firstByteMs: 5_000, gapMs: 5_000, totalMs: 5_000 };
export const PAGE_TIMEOUTS: Timeouts = { firstByteMs: 30_000, gapMs: 15_000, totalMs: null };
export const WATCH_TIMEOUTS: Timeouts = { firstByteMs: 30_000, gapMs: 75_000, totalMs: null };

export interface RequestSpec {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the server's address, as `objectPath` makes it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON through the codec. */
  readonly body?: unknown;
  /** Content type of the body; "application/json" unless said. */
  readonly contentType?: string;
  /** Array values are sent as repeated headers. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly timeouts?: Timeouts;
  readonly maxBytes?: number;
  readonly codec?: JsonCodec;
  /** The answer may come as protobuf; these of its fields are read then. Servers that do not have it answer in JSON. */
  readonly protobuf?: Message;
  readonly signal?: AbortSignal;
}

/** A body of 512 MiB or more does not fit a string of V8. */
export const MAX_LIST_BYTES = 400 * 1024 * 1024;
export const MAX_OBJECT_BYTES = 16 * 1024 * 1024;

export function queryString(query: RequestSpec["query"]): string {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parts.set(key, String(value));
  }
  const text = parts.toString();
  return text === "" ? "" : `?${text}`;
}

/** The timers of one request: whichever fires first aborts it with an UnreachableError. */
export class RequestTimer {
  readonly #clock: Clock;
  readonly #control = new AbortController();
  #cancelPhase = () => {};
  #cancelTotal = () => {};
  #unlink = () => {};

  constructor(clock: Clock, totalMs: number | null, outer: AbortSignal | undefined) {
    this.#clock = clock;
    if (totalMs !== null) {
      this.#cancelTotal = clock.after(totalMs, () =>
        this.#expire(`no complete answer within ${totalMs / 1000} s`),
      );
    }
    if (outer === undefined) return;
    const follow = () => this.#control.abort(outer.reason);
    if (outer.aborted) follow();
    outer.addEventListener("abort", follow);
    this.#unlink = () => outer.removeEventListener("abort", follow);
  }

  get signal(): AbortSignal {
    return this.#control.signal;
  }

  /** Starts the wait for the next sign of life; ends the previous one. */
  expect(ms: number, what: string): void {
    this.#cancelPhase();
    this.#cancelPhase = this.#clock.after(ms, () => this.#expire(`${what} within ${ms / 1000} s`));
  }

  relax(): void {
    this.#cancelPhase();
  }

  end(): void {
    this.#cancelPhase();
    this.#cancelTotal();
    this.#unlink();
  }

  #expire(what: string): void {
    this.#control.abort(new UnreachableError("timeout", "maybe", `the API server sent ${what}`));
  }
}

/** The body chunk by chunk, each within the gap. Ends the timer; abandoning the loop closes the connection. */
export async function* bodyChunks(
  answer: TransportAnswer,
  timer: RequestTimer,
  gapMs: number,
): AsyncGenerator<Buffer, void> {
  try {
    timer.expect(gapMs, "nothing more");
    for await (const chunk of answer.body) {
      timer.relax();
      yield chunk;
      timer.expect(gapMs, "nothing more");
    }
  } catch (error) {
    if (timer.signal.aborted) throw timer.signal.reason;
    throw networkError(error, "maybe");
  } finally {
    timer.end();
    answer.body.destroy();
  }
}

/** The error for a 2xx answer of another type: a proxy's HTML page is no empty list. Null when it is as asked for. */
export function foreignType(
  head: Pick<TransportAnswer, "headers">,
  spec: Pick<RequestSpec, "protobuf">,
): UnreachableError | null {
  const type = contentType(head);
  if (type === "application/json" || (type === PROTOBUF && spec.protobuf)) return null;
  const got = type === "" ? "no content type" : type.slice(0, 60);
  return new UnreachableError("notKubernetes", "maybe", `expected JSON from the API server, got ${got}`);
}

/** Throws UnreachableError when the body is not of the type that it is said to be. */
export function parseBody(
  head: Pick<TransportAnswer, "headers">,
  bytes: Buffer,
  { protobuf, codec = JSON }: Pick<RequestSpec, "protobuf" | "codec">,
): unknown {
  try {
    if (protobuf && contentType(head) === PROTOBUF) return readProtobuf(bytes, protobuf);
  } catch {
    throw new UnreachableError("badProtobuf", "maybe", "the API server's answer is not valid protobuf");
  }
  try {
    return codec.parse(bytes.toString("utf8"));
  } catch {
    throw new UnreachableError("notKubernetes", "maybe", "the API server's answer is not valid JSON");
  }
}

/** The error for an answer outside 2xx. Foreign text enters the message only from a Status object. */
export function toError(
  head: Pick<TransportAnswer, "status" | "headers">,
  bytes: Buffer,
): ApiError | UnreachableError {
  const { status } = head;
  if (status < 400) {
    return new UnreachableError(
      "notKubernetes",
      "maybe",
      `the server answered with a redirect or without content (${status})`,
    );
  }
  const text = bytes.toString("utf8");
  const said = statusError(tryParse(head, bytes, text), status);
  const retryAfter = retryAfterSeconds(head.headers["retry-after"]) ?? said?.retryAfter ?? null;
  if (said !== null) {
    const { reason, message, details } = said;
    return new ApiError({ status, reason, message, details, retryAfter });
  }
  // What the API server itself says about a group that it does not serve.
  const unknownPath = status === 404 && text.startsWith("404 page not found");
  const message = unknownPath ? "the server does not serve this resource" : `the server answered ${status}`;
  return new ApiError({ status, reason: unknownPath ? "NotFound" : "", message, retryAfter });
}

/** Reads a Status object, as a body or as the object of a watch's ERROR event; null when it is none. */
export function statusError(value: unknown, fallbackStatus = 500): ApiError | null {
  if (get(value, "kind") !== "Status") return null;
  const details = get(value, "details");
  const causes = get(details, "causes");
  const code = get(value, "code");
  const wait = get(details, "retryAfterSeconds");
  return new ApiError({
    status: typeof code === "number" ? code : fallbackStatus,
    reason: words(get(value, "reason")) ?? "",
    message: words(get(value, "message")) ?? `the server answered ${fallbackStatus}`,
    details: {
      name: words(get(details, "name")),
      group: words(get(details, "group")),
      kind: words(get(details, "kind")),
      causes: Array.isArray(causes) ? causes.map(toCause) : [],
    },
    retryAfter: typeof wait === "number" && wait > 0 ? wait : null,
  });
}

function toCause(value: unknown): ApiErrorCause {
  return {
    reason: words(get(value, "reason")) ?? "",
    field: words(get(value, "field")) ?? "",
    message: words(get(value, "message")) ?? "",
  };
}

/** Whole seconds only; the header's date form and nonsense give null. */
export function retryAfterSeconds(header: string | string[] | undefined): number | null {
  const value = Array.isArray(header) ? header[0] : header;
  return value !== undefined && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : null;
}

function contentType(head: Pick<TransportAnswer, "headers">): string {
  const header = head.headers["content-type"];
  const value = Array.isArray(header) ? header[0] : header;
  return (value ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function tryParse(head: Pick<TransportAnswer, "headers">, bytes: Buffer, text: string): unknown {
  const type = contentType(head);
  try {
    if (type === PROTOBUF) return readProtobuf(bytes, []);
    return type === "application/json" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

export function get(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function words(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
