import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import next from "next";
import { currentInventory } from "../inventory/registry.ts";
import { checkFront, keepEncoding, keepSecure, ownHeaders, sendProblem } from "../server/front.ts";
import { setLifecycle } from "../server/lifecycle.ts";
import { log } from "../server/log.ts";
import { ProblemError } from "../server/problem.ts";
import { endStreams } from "../server/streams.ts";
import { UsageError } from "./args.ts";

const root = join(import.meta.dirname, "..", "..");
/** How long requests that are under way may still take after the end was asked for. */
const GRACE_MS = 10_000;

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The HTTP server: ours in front, Next behind it, in one process. It listens before Next is ready and answers 503 until then. */
export class Web {
  readonly #server: Server;
  #handle: Handle | null = null;

  constructor() {
    this.#server = createServer(
      { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.on("upgrade", (_request: IncomingMessage, socket: Duplex) => refuseUpgrade(socket));
  }

  /** Starts to listen and returns the port; a taken one is a UsageError. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, port, host)));
      this.#server.listen(port, host, resolve);
    });
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : port;
  }

  /** Loads the build in `distDir` (relative to the project); from then on requests are answered. */
  async serve(distDir: string): Promise<void> {
    process.env["POOLBOARD_BUILD"] = distDir;
    // Next would take upgrades on the server it is given; this one never listens.
    const app = next({ dev: false, dir: root, httpServer: createServer() });
    await app.prepare();
    // It resolves also when the instrumentation failed; nothing would ever be read then.
    if (!currentInventory()) throw new Error("the pages could not be loaded, see above");
    const handle = app.getRequestHandler();
    this.#handle = (request, response) => handle(request, response);
  }

  /** Stops listening, tells streams to come back later, lets requests finish. */
  async end(): Promise<void> {
    setLifecycle("stopping");
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    endStreams();
    // A browser keeps its connection after the answer: it is idle only once the answer is through.
    const sweep = setInterval(() => this.#server.closeIdleConnections(), 50);
    const impatience = setTimeout(() => this.#server.closeAllConnections(), GRACE_MS);
    await closed;
    clearInterval(sweep);
    clearTimeout(impatience);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A refused body may never end: the connection goes with the answer.
    response.on("finish", () => {
      if (!request.complete) request.socket.destroySoon();
    });
    try {
      ownHeaders(request);
      keepSecure(request, response);
      checkFront(request);
      keepEncoding(response);
      if (!this.#handle) {
        throw new ProblemError("starting", "Poolboard is not ready yet.", {
          headers: { "Retry-After": "1" },
        });
      }
      await this.#handle(request, response);
    } catch (error) {
      if (response.headersSent) {
        log.error({ err: error }, "an answer broke off");
        response.destroy();
      } else sendProblem(response, error);
    }
  }
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === "EADDRINUSE") return new UsageError(`port ${port} is taken; choose another with --port`);
  if (error.code === "EACCES")
    return new UsageError(`port ${port} needs more rights; choose one above 1023 with --port`);
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") {
    return new UsageError(`${host} is no address of this machine; choose another with --host`);
  }
  return error;
}

function refuseUpgrade(socket: Duplex): void {
  socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}
