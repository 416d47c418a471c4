import { withBody } from "./body.ts";
import { systemClock, type Clock } from "./clock.ts";
import { CredentialStore, type Credentials, type Person, PersonCredentials } from "./credentials.ts";
import { readClusterAccess, type ClusterSource } from "./kubeconfig.ts";
import { HealthProbe } from "./health-probe.ts";
import { silentLog, type KubeLog } from "./log.ts";
import { PROTOBUF } from "./protobuf.ts";
import {
  bodyChunks,
  CALL_TIMEOUTS,
  MAX_OBJECT_BYTES,
  parseBody,
  queryString,
  foreignType,
  RequestTimer,
  toError,
  type RequestSpec,
} from "./request.ts";
import { isDistrust, Transport, type TransportAnswer } from "./transport.ts";

const MAX_ERROR_BYTES = 1024 * 1024;

const PING: RequestSpec = {
  method: "GET",
  path: "/version",
  timeouts: { firstByteMs: 5_000, gapMs: 5_000, totalMs: 5_000 },
};

/** A 2xx answer whose body is still to be read, chunk by chunk. Leaving the loop closes the connection. */
export interface OpenAnswer extends Pick<TransportAnswer, "status" | "headers"> {
  readonly chunks: AsyncGenerator<Buffer, void>;
}

/** What a connection is made of. */
interface Parts {
  readonly name: string;
  readonly server: string;
  readonly basePath: string;
  readonly clock: Clock;
  readonly log: KubeLog;
  readonly credentials: Credentials;
  readonly transport: Transport;
  /** For people with a token of their own: a socket that a client certificate has opened would speak for its owner. */
  readonly transportForTokens: Transport;
  readonly user: string | null;
}

/**
 * One cluster as one user. All sockets to it are here. Holds secrets in private fields only, so that a printed
 * connection shows none.
 */
export class ClusterConnection {
  /** Context name, or "in-cluster". */
  readonly name: string;
  /** Scheme, host, port and path of the API server; never with credentials. */
  readonly server: string;
  readonly clock: Clock;
  readonly log: KubeLog;
  /** Asks for a sign of life while reflectors run. */
  readonly health: HealthProbe;
  /** The person that it speaks for; null: nobody but its own credential. */
  readonly user: string | null;
  readonly #parts: Parts;
  readonly #credentials: Credentials;
  readonly #transport: Transport;

  constructor(parts: Parts) {
    this.name = parts.name;
    this.server = parts.server;
    this.clock = parts.clock;
    this.log = parts.log;
    this.user = parts.user;
    this.#parts = parts;
    this.#credentials = parts.credentials;
    this.#transport = parts.transport;
    // After a sleep or a lost network idle sockets may be dead without knowing it.
    const startAfresh = () => {
      parts.transport.reset();
      parts.transportForTokens.reset();
    };
    this.health = new HealthProbe(parts.clock, () => this.request(PING), startAfresh);
  }

  /**
   * The same cluster as somebody else: with the person's own token and nothing of ours, or as our credential speaking for them.
   * It lives as long as this one does.
   */
  as(person: Person): ClusterConnection {
    const parts = this.#parts;
    return new ClusterConnection({
      ...parts,
      user: person.user,
      credentials: new PersonCredentials(parts.credentials, person),
      transport: "token" in person ? parts.transportForTokens : parts.transport,
    });
  }

  /** What the person can do about a 401 with this kind of credential, or null. */
  get loginHint(): string | null {
    return this.#credentials.loginHint;
  }

  /**
   * Sends a request and reads the whole answer. Throws ApiError when the server refuses, UnreachableError when there
   * is no usable answer, the signal's reason when aborted. Sends again only after a 401 with a renewed credential, or when
   * nothing had been sent because of an authority that the kubeconfig has replaced since.
   */
  async request(spec: RequestSpec): Promise<unknown> {
    return (await this.read(spec)).body;
  }

  /** As `request`, and says how many bytes it was. */
  async read(spec: RequestSpec): Promise<{ readonly body: unknown; readonly bytes: number }> {
    const answer = await this.open(spec);
    return withBody(answer.chunks, spec.maxBytes ?? MAX_OBJECT_BYTES, (bytes) => ({
      body: parseBody(answer, bytes, spec),
      bytes: bytes.length,
    }));
  }

  /** As `request`, but hands out the body as it comes. */
  async open(spec: RequestSpec): Promise<OpenAnswer> {
    const timeouts = spec.timeouts ?? CALL_TIMEOUTS;
    const timer = new RequestTimer(this.clock, timeouts.totalMs, spec.signal);
    try {
      timer.signal.throwIfAborted();
      const answer = await this.#sendOnceOrTwice(spec, timer, timeouts.firstByteMs);
      const chunks = bodyChunks(answer, timer, timeouts.gapMs);
      if (answer.status < 200 || answer.status >= 300) {
        throw await withBody(chunks, MAX_ERROR_BYTES, (bytes) => toError(answer, bytes));
      }
      const foreign = foreignType(answer, spec);
      if (foreign === null) return { status: answer.status, headers: answer.headers, chunks };
      answer.body.destroy();
      throw foreign;
    } catch (error) {
      timer.end();
      throw error;
    }
  }

  /** Cuts everything that still runs. */
  async close(): Promise<void> {
    await Promise.all([this.#parts.transport.close(), this.#parts.transportForTokens.close()]);
  }

  async #sendOnceOrTwice(
    spec: RequestSpec,
    timer: RequestTimer,
    firstByteMs: number,
  ): Promise<TransportAnswer> {
    const first = await this.#credentials.current();
    let answer: TransportAnswer;
    try {
      answer = await this.#send(spec, first, timer, firstByteMs);
    } catch (error) {
      if (!isDistrust(error) || !(await this.#credentials.lookAgain(first.generation))) throw error;
      return this.#send(spec, await this.#credentials.current(), timer, firstByteMs);
    }
    if (answer.status !== 401 || !(await this.#credentials.renew(first.generation))) return answer;
    answer.body.destroy();
    return this.#send(spec, await this.#credentials.current(), timer, firstByteMs);
  }

  async #send(
    spec: RequestSpec,
    credential: Awaited<ReturnType<Credentials["current"]>>,
    timer: RequestTimer,
    firstByteMs: number,
  ): Promise<TransportAnswer> {
    const headers: Record<string, string | string[]> = {
      accept: spec.protobuf ? `${PROTOBUF}, application/json` : "application/json",
      "user-agent": "poolboard",
      ...credential.headers,
      ...spec.headers,
    };
    if (spec.body !== undefined) headers["content-type"] = spec.contentType ?? "application/json";
    const path = `${this.#parts.basePath}${spec.path}${queryString(spec.query)}`;
    const body = spec.body === undefined ? null : (spec.codec ?? JSON).stringify(spec.body);
    timer.expect(firstByteMs, "nothing");
    const answer = await this.#transport.send(
      { method: spec.method, path, headers, body, signal: timer.signal },
      credential.tls,
    );
    timer.relax();
    return answer;
  }
}

/**
 * Reads the credentials and prepares the connection; sends nothing yet.
 * Throws KubeconfigError when the source cannot be used.
 */
export async function openCluster(
  source: ClusterSource,
  options: { clock?: Clock; log?: KubeLog } = {},
): Promise<ClusterConnection> {
  const access = await readClusterAccess(source);
  // The context is settled here: a later `kubectl config use-context` must not move a running program to another cluster.
  const pinned = "kubeconfig" in source ? { ...source, context: access.context } : source;
  const { clock = systemClock, log = silentLog } = options;
  return new ClusterConnection({
    name: access.context,
    server: access.server.href.replace(/\/$/, ""),
    basePath: access.server.pathname.replace(/\/$/, ""),
    clock,
    log,
    credentials: new CredentialStore(pinned, access, clock, log),
    transport: new Transport(access.server.origin, access.proxy),
    transportForTokens: new Transport(access.server.origin, access.proxy),
    user: null,
  });
}
