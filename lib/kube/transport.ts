import { Agent, ProxyAgent, type Dispatcher } from "undici";
import { UnreachableError } from "./errors.ts";
import type { TlsMaterial } from "./kubeconfig.ts";

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_SOCKET_MS = 30_000;

export interface TransportAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Buffer> & { destroy(error?: Error): unknown };
}

/** The sockets to one API server. One pool at a time: a changed certificate or a suspected dead network starts a new one. */
export class Transport {
  readonly #origin: string;
  readonly #proxy: URL | null;
  #pool: Dispatcher | null = null;
  #poolKey = "";
  /** Dispatch options whose request began to be written to a socket. */
  readonly #begun = new WeakSet<object>();

  constructor(origin: string, proxy: URL | null) {
    this.#origin = origin;
    this.#proxy = proxy;
  }

  /**
   * Sends one request and resolves with its head. Never follows redirects, never sends twice.
   * Rejects with the signal's reason, or with UnreachableError that says whether anything can have been sent.
   */
  async send(
    options: {
      method: string;
      path: string;
      headers: Record<string, string | string[]>;
      body: string | null;
      signal: AbortSignal;
    },
    tls: TlsMaterial,
  ): Promise<TransportAnswer> {
    // Our own clock decides how long to wait, so undici's two timers stay off.
    const dispatch = { ...options, origin: this.#origin, headersTimeout: 0, bodyTimeout: 0 };
    try {
      const { statusCode, headers, body } = await this.#poolFor(tls).request(dispatch);
      // Destroying an unread body raises an error event, which without a listener would end the process.
      body.on("error", () => {});
      return { status: statusCode, headers, body };
    } catch (error) {
      if (options.signal.aborted) throw withSent(options.signal.reason, this.#begun.has(dispatch));
      throw networkError(error, this.#begun.has(dispatch) ? "maybe" : "no");
    }
  }

  /** Lets running requests end and opens new sockets for the next ones. */
  reset(): void {
    this.#pool?.close().catch(() => {});
    this.#pool = null;
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    await pool?.destroy();
  }

  #poolFor(tls: TlsMaterial): Dispatcher {
    const key = JSON.stringify(tls);
    if (this.#pool !== null && this.#poolKey === key) return this.#pool;
    this.reset();
    this.#poolKey = key;
    const secure = {
      ca: tls.ca ?? undefined,
      cert: tls.cert ?? undefined,
      key: tls.key ?? undefined,
      // An IP address is no server name in TLS; undici leaves it out by itself when none is given.
      servername: tls.servername ?? undefined,
      rejectUnauthorized: !tls.insecure,
    };
    const common = { keepAliveTimeout: IDLE_SOCKET_MS, allowH2: false };
    const pool =
      this.#proxy === null
        ? new Agent({ ...common, connect: { ...secure, timeout: CONNECT_TIMEOUT_MS } })
        : new ProxyAgent({
            ...common,
            uri: this.#proxy.href,
            requestTls: { ...secure, timeout: CONNECT_TIMEOUT_MS },
          });
    this.#pool = pool.compose((next) => (request, handler) => {
      const start = handler.onRequestStart?.bind(handler);
      handler.onRequestStart = (controller, context) => {
        this.#begun.add(request);
        start?.(controller, context);
      };
      return next(request, handler);
    });
    return this.#pool;
  }
}

/** A timeout of ours is raised without knowing what was sent; the transport knows. */
function withSent(reason: unknown, begun: boolean): unknown {
  if (reason instanceof UnreachableError && !begun)
    return new UnreachableError(reason.why, "no", reason.message);
  return reason;
}

/** Turns whatever undici or node throws into one line without addresses of credentials. */
export function networkError(error: unknown, sent: "no" | "maybe"): UnreachableError {
  if (error instanceof UnreachableError) return error;
  const code = codeOf(error);
  const timedOut = code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT";
  return new UnreachableError(timedOut ? "timeout" : "network", sent, explain(code), error);
}

/** Why a certificate is not believed, by the codes that node has for it. */
const distrust: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the API server's certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "the API server's certificate is for another name",
  ...Object.fromEntries(
    [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "CERT_SIGNATURE_FAILURE",
    ].map((code) => [code, "the API server's certificate is not signed by the kubeconfig's authority"]),
  ),
};

/** Nothing was sent, because the server's certificate is not one that the kubeconfig vouches for: it may have been renewed since. */
export function isDistrust(error: unknown): boolean {
  return error instanceof UnreachableError && error.sent === "no" && codeOf(error.cause) in distrust;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function explain(code: string): string {
  const known: Record<string, string> = {
    ECONNREFUSED: "the API server refuses connections",
    ECONNRESET: "the connection was cut",
    EPIPE: "the connection was cut",
    UND_ERR_SOCKET: "the connection was cut",
    UND_ERR_CONNECT_TIMEOUT: "the API server cannot be reached (no connection within 5 s)",
    ETIMEDOUT: "the API server cannot be reached (connection timed out)",
    ENOTFOUND: "the API server's name does not resolve",
    EAI_AGAIN: "the API server's name does not resolve right now",
    EHOSTUNREACH: "there is no route to the API server",
    ENETUNREACH: "there is no route to the API server",
    ...distrust,
  };
  return known[code] ?? `the API server cannot be reached${code === "" ? "" : ` (${code})`}`;
}
