import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { systemClock, type Clock } from "../clock.ts";
import { Pair } from "./tcp-pair.ts";

export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/** What the proxy shows when it speaks TLS itself. */
interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * A TCP proxy between the product and its API server, with the faults that networks have. TLS passes through unread, unless
 * the proxy speaks it itself in front of a server that does not.
 */
export class TcpProxy {
  readonly counters = { connections: 0, bytesUp: 0, bytesDown: 0 };
  port = 0;
  target: ProxyTarget;
  readonly clock: Clock;
  readonly #certificate: Certificate | null;
  readonly #pairs = new Set<Pair>();
  #server: Server;
  #frozen = false;
  #drip: Drip | null = null;
  #answerMs: number | null = null;
  #resets = { after: 0, left: 0 };
  /** Asked before anything from the server is passed on; true: the network dies at this very moment. */
  #cutWhen: (() => Promise<boolean>) | null = null;

  private constructor(target: ProxyTarget, clock: Clock, certificate: Certificate | null) {
    this.target = target;
    this.clock = clock;
    this.#certificate = certificate;
    this.#server = this.#makeServer();
  }

  /** Listens on a free port of 127.0.0.1. */
  static async start(
    target: ProxyTarget,
    options: { clock?: Clock; certificate?: Certificate } = {},
  ): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, options.clock ?? systemClock, options.certificate ?? null);
    await proxy.accept();
    return proxy;
  }

  /** Open connections. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Ends connections in order (FIN): all, or the `nth` of those open. */
  cut(nth?: number): void {
    for (const pair of this.#chosen(nth)) pair.end();
  }

  /** Breaks connections (RST): all, or the `nth` of those open. */
  reset(nth?: number): void {
    for (const pair of this.#chosen(nth)) pair.reset();
  }

  /** The next `times` connections that bring the client this many bytes are broken (RST) there. */
  resetAfter(bytes: number, times: number): void {
    this.#resets = { after: bytes, left: times };
  }

  /** Nothing is passed on and nothing is closed, on new connections neither. What came meanwhile is passed on by `thaw`. */
  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
    this.#pumpAll();
  }

  /** The connections that are open now die without a sign, as when a firewall forgets them; new ones work. */
  forget(): void {
    for (const pair of this.#pairs) pair.forgotten = true;
  }

  /** From the server come `bytes` every `everyMs`, on each connection. */
  drip(bytes: number, everyMs: number): void {
    this.flow();
    const drip: Drip = { bytes, cancel: () => {} };
    this.#drip = drip;
    const tick = () => {
      for (const pair of this.#pairs) pair.allow(bytes);
      drip.cancel = this.clock.after(everyMs, tick);
    };
    drip.cancel = this.clock.after(everyMs, tick);
  }

  /** Ends `drip`. */
  flow(): void {
    this.#drip?.cancel();
    this.#drip = null;
    this.#pumpAll();
  }

  /** Connections end this long after the last that was asked on them: no watch lasts longer. Null ends it. */
  limitAnswers(ms: number | null): void {
    this.#answerMs = ms;
  }

  /** Cuts everything as soon as the condition holds, before the client hears of what made it hold. Once. */
  cutWhen(condition: () => Promise<boolean>): void {
    this.#cutWhen = condition;
  }

  /** Connections are refused, and those that are open break. */
  async refuse(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.reset();
    await closed;
  }

  async accept(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.port, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = (this.#server.address() as AddressInfo).port;
  }

  /** Speaks TLS with another certificate from the next connection on. */
  async present(certificate: Certificate): Promise<void> {
    await this.refuse();
    this.#server = this.#makeServer(certificate);
    await this.accept();
  }

  /** No fault is left. */
  async heal(): Promise<void> {
    this.#resets = { after: 0, left: 0 };
    this.#answerMs = null;
    this.flow();
    this.thaw();
    await this.accept();
  }

  async stop(): Promise<void> {
    this.#drip?.cancel();
    await this.refuse();
  }

  #makeServer(certificate: Certificate | null = this.#certificate): Server {
    const serve = (client: Socket) => this.#serve(client);
    if (certificate === null) return createServer({ noDelay: true }, serve);
    const server = createTlsServer({ ...certificate, noDelay: true }, serve);
    server.on("tlsClientError", () => {});
    return server;
  }

  #serve(client: Socket): void {
    const pair = new Pair(client, connect({ ...this.target, noDelay: true }), {
      canPass: () => !this.#frozen,
      dripping: () => this.#drip !== null,
      asked: () => this.#limit(pair),
      passed: (direction, bytes, total) => this.#count(direction, bytes, total),
      mayAnswer: () => this.#mayAnswer(),
      closed: () => this.#pairs.delete(pair),
    });
    this.counters.connections += 1;
    this.#pairs.add(pair);
  }

  #limit(pair: Pair): void {
    const { asked } = pair;
    if (this.#answerMs === null) return;
    this.clock.after(this.#answerMs, () => {
      if (pair.asked === asked) pair.end();
    });
  }

  /** False: the connection has to break instead of passing this on. */
  #count(direction: "up" | "down", bytes: number, total: number): boolean {
    if (direction === "up") {
      this.counters.bytesUp += bytes;
      return true;
    }
    if (this.#resets.left > 0 && total >= this.#resets.after) {
      this.#resets.left -= 1;
      return false;
    }
    this.counters.bytesDown += bytes;
    return true;
  }

  async #mayAnswer(): Promise<void> {
    const condition = this.#cutWhen;
    if (condition === null || !(await condition()) || this.#cutWhen !== condition) return;
    this.#cutWhen = null;
    this.reset();
  }

  #chosen(nth: number | undefined): Pair[] {
    const all = [...this.#pairs];
    if (nth === undefined) return all;
    const one = all[nth % Math.max(1, all.length)];
    return one === undefined ? [] : [one];
  }

  #pumpAll(): void {
    for (const pair of this.#pairs) pair.pump();
  }
}

interface Drip {
  readonly bytes: number;
  cancel: () => void;
}
