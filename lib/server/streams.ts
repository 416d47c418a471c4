import type { Identity } from "./identity.ts";
import { log } from "./log.ts";
import { ProblemError } from "./problem.ts";
import { shared } from "./shared.ts";
import { gzipHead, StreamFrame } from "./stream-frame.ts";

const MAX_STREAMS = 1_000;
const MAX_PER_SESSION = 10;
const MAX_QUEUED_BYTES = 1024 * 1024;
const STALLED_MS = 30_000;
const HEARTBEAT_MS = 15_000;

const heartbeat = new StreamFrame(": still here\n\n");
/** Tells a browser when to come back after a shutdown. */
const goodbye = new StreamFrame("retry: 500\n\n");

const open = () => shared("streams", () => new Set<StreamSource>());

export interface StreamInit {
  readonly identity: Identity;
  readonly signal: AbortSignal;
  /** The reader takes gzip. */
  readonly gzip: boolean;
  /** Is the caller still welcome, and to the same? Asked at every heartbeat. */
  stillAllowed(): Promise<boolean>;
  /** Begins to feed the stream; the returned function stops it. `send` takes whole frames, shared between streams and never changed. */
  feed(send: (frame: StreamFrame) => void): () => void;
}

/** One reader. Everything about its end goes through `#finish`, once. */
class StreamSource implements UnderlyingDefaultSource<Uint8Array> {
  readonly caller: string;
  readonly #signal: AbortSignal;
  readonly #gzip: boolean;
  readonly #stillAllowed: StreamInit["stillAllowed"];
  readonly #feed: StreamInit["feed"];
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #stopFeed = (): void => undefined;
  #timer: NodeJS.Timeout | undefined;
  #sentBytes = 0;
  #delivered = { bytes: 0, at: Date.now() };

  constructor({ identity, signal, gzip, stillAllowed, feed }: StreamInit) {
    this.caller = identity.id;
    this.#signal = signal;
    this.#gzip = gzip;
    this.#stillAllowed = stillAllowed;
    this.#feed = feed;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
    if (this.#signal.aborted) return this.#finish();
    open().add(this);
    this.#signal.addEventListener("abort", () => this.#finish(), { once: true });
    this.#timer = setInterval(() => void this.#beat(), HEARTBEAT_MS);
    if (this.#gzip) this.#write(gzipHead);
    const stop = this.#feed((frame) => this.#send(frame));
    if (this.#controller) this.#stopFeed = stop;
    else stop();
  }

  cancel(): void {
    this.#finish();
  }

  /** Says goodbye and ends; what is queued is still delivered. */
  end(): void {
    this.#send(goodbye);
    this.#finish();
  }

  #send(frame: StreamFrame): void {
    if (this.#controller) this.#write(this.#gzip ? frame.packed : frame.plain);
  }

  #write(bytes: Uint8Array): void {
    if (!this.#controller) return;
    if ((this.#controller.desiredSize ?? 0) < bytes.byteLength) return this.#finish("the reader is too slow");
    this.#controller.enqueue(bytes);
    this.#sentBytes += bytes.byteLength;
  }

  async #beat(): Promise<void> {
    if (!(await this.#stillAllowed())) return this.#finish();
    const queued = MAX_QUEUED_BYTES - (this.#controller?.desiredSize ?? 0);
    const bytes = this.#sentBytes - queued;
    if (queued === 0 || bytes > this.#delivered.bytes) this.#delivered = { bytes, at: Date.now() };
    if (Date.now() - this.#delivered.at >= STALLED_MS) this.#finish("the reader makes no progress");
    else this.#send(heartbeat);
  }

  #finish(reason?: string): void {
    const controller = this.#controller;
    if (!controller) return;
    this.#controller = null;
    clearInterval(this.#timer);
    open().delete(this);
    if (reason) log.info({ reason }, "a viewer was dropped");
    this.#stopFeed();
    try {
      // By this name Next breaks the connection off as it does when a reader leaves; any other error it prints, with its stack.
      if (reason) controller.error(new DOMException(reason, "AbortError"));
      else controller.close();
    } catch {
      // The reader has cancelled already: there is nothing left to close.
    }
  }
}

/**
 * A stream of server-sent events with back-pressure: a reader with 1 MB queued or 30 s without progress is dropped.
 * Throws ProblemError 503 beyond 1,000 streams, 429 beyond 10 of one session (no such limit where nobody logs in).
 */
export function eventStream(init: StreamInit): Response {
  const { identity } = init;
  const streams = open();
  if (streams.size >= MAX_STREAMS) {
    throw new ProblemError("no-room", `This server already feeds ${MAX_STREAMS} streams.`, {
      headers: { "Retry-After": "10" },
    });
  }
  const mine = [...streams].filter((stream) => stream.caller === identity.id).length;
  if (identity.how !== "anonymous" && mine >= MAX_PER_SESSION) {
    throw new ProblemError("too-many-streams", `One session may have ${MAX_PER_SESSION} streams open.`, {
      headers: { "Retry-After": "10" },
    });
  }

  const body = new ReadableStream<Uint8Array>(
    new StreamSource(init),
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_QUEUED_BYTES }),
  );
  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store, no-cache, no-transform",
      "X-Accel-Buffering": "no",
      Vary: "Accept-Encoding",
      // Our front gives it its right name: Next would drop it.
      ...(init.gzip ? { "x-poolboard-encoding": "gzip" } : {}),
    },
  });
}

export function openStreams(): number {
  return open().size;
}

/** Ends every stream, telling browsers to come back soon. */
export function endStreams(): void {
  for (const stream of open()) stream.end();
}
