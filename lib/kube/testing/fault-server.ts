import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";

/** One request that waits for the test to answer it, in whichever way. */
export class Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Common name of the client's certificate, or null. */
  readonly clientName: string | null;
  /** True once the client went away or the test ended the answer. */
  closed = false;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse, body: string) {
    const url = new URL(request.url ?? "/", "http://localhost");
    this.method = request.method ?? "";
    this.path = url.pathname;
    this.query = url.searchParams;
    this.headers = request.headers;
    this.rawHeaders = request.rawHeaders;
    this.body = body;
    const { socket } = request;
    const subject = socket instanceof TLSSocket ? socket.getPeerCertificate().subject : undefined;
    this.clientName = subject === undefined ? null : String(subject.CN);
    this.#response = response;
    response.on("close", () => {
      this.closed = true;
    });
  }

  get isWatch(): boolean {
    return this.query.get("watch") === "true";
  }

  send(status: number, body: string, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { "content-type": "application/json", ...headers });
    this.#response.end(body);
  }

  json(body: unknown, status = 200, headers: Record<string, string> = {}): void {
    this.send(status, JSON.stringify(body), headers);
  }

  /** A Status object, as the API server refuses. */
  refuse(status: number, reason: string, headers: Record<string, string> = {}, details: object = {}): void {
    this.json(
      {
        kind: "Status",
        apiVersion: "v1",
        status: "Failure",
        code: status,
        reason,
        message: `${reason}!`,
        details,
      },
      status,
      headers,
    );
  }

  /** Answers 200 and leaves the body open. */
  open(headers: Record<string, string> = { "content-type": "application/json" }): this {
    this.#response.writeHead(200, headers);
    this.#response.flushHeaders();
    return this;
  }

  raw(bytes: string | Buffer): this {
    this.#response.write(bytes);
    return this;
  }

  /** One watch event. */
  event(type: string, object: unknown): this {
    return this.raw(`${JSON.stringify({ type, object })}\n`);
  }

  end(): void {
    this.closed = true;
    this.#response.end();
  }

  destroy(): void {
    this.closed = true;
    this.#response.destroy();
  }

  /** Ends the connection with a TCP reset. */
  reset(): void {
    this.closed = true;
    const { socket } = this.#response;
    if (socket !== null && "resetAndDestroy" in socket) socket.resetAndDestroy();
  }
}

/** An HTTP server whose every request is handed to the test. Health probes are answered by themselves unless `probes` is false. */
export class FaultServer {
  readonly #server: Server;
  readonly #waiting: Exchange[] = [];
  readonly #takers: ((exchange: Exchange) => void)[] = [];
  probes = true;
  /** Answers requests that the test does not care for: true when it did. */
  answer: (exchange: Exchange) => boolean = () => false;
  probeCount = 0;
  connections = 0;
  url = "";
  port = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a free port of 127.0.0.1, or on the one given. With `tls` it speaks https. */
  static async start(options: { port?: number; tls?: ServerOptions } = {}): Promise<FaultServer> {
    const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
    const faults = new FaultServer(server);
    server.on(options.tls === undefined ? "connection" : "secureConnection", () => {
      faults.connections += 1;
    });
    server.on(
      "request",
      (request: IncomingMessage, response: ServerResponse) => void faults.#take(request, response),
    );
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    faults.port = port;
    faults.url = `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${port}`;
    return faults;
  }

  /** The next request that nobody took yet. */
  next(): Promise<Exchange> {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return Promise.resolve(waiting);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Requests that came and that nobody took. */
  get untaken(): number {
    return this.#waiting.length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part);
    } catch {
      return;
    }
    const exchange = new Exchange(request, response, Buffer.concat(parts).toString());
    if (exchange.path === "/version") {
      this.probeCount += 1;
      if (this.probes) exchange.json({ gitVersion: "v1.36.3" });
      return;
    }
    if (this.answer(exchange)) return;
    const taker = this.#takers.shift();
    if (taker === undefined) this.#waiting.push(exchange);
    else taker(exchange);
  }
}
