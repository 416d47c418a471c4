import type { Socket } from "node:net";

const MAX_QUEUED_BYTES = 256 * 1024;

/** What the proxy lets pass between two connections, and what it wants to hear of them. */
interface PairRules {
  asked(): void;
  canPass(): boolean;
  dripping(): boolean;
  passed(direction: "up" | "down", bytes: number, total: number): boolean;
  mayAnswer(): Promise<void>;
  closed(): void;
}

/** One client connection and the one to the server that belongs to it. */
export class Pair {
  /** Nothing passes any more, and neither side is told. */
  forgotten = false;
  /** Rises with everything that the client says. */
  asked = 0;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #rules: PairRules;
  readonly #up: Line;
  readonly #down: Line;
  #allowed = 0;
  #total = 0;
  #asking = false;

  constructor(client: Socket, server: Socket, rules: PairRules) {
    this.#client = client;
    this.#server = server;
    this.#rules = rules;
    this.#up = this.#line(client);
    this.#down = this.#line(server);
    client.on("close", () => this.#over());
  }

  end(): void {
    this.#client.end();
    this.#server.destroy();
  }

  reset(): void {
    if ("encrypted" in this.#client) this.#client.destroy();
    else this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  /** While the proxy drips: this many bytes more may go to the client. */
  allow(bytes: number): void {
    this.#allowed = bytes;
    this.pump();
  }

  pump(): void {
    if (this.forgotten || !this.#rules.canPass()) return;
    for (const chunk of this.#up.take(Infinity)) {
      this.#rules.passed("up", chunk.length, 0);
      this.asked += 1;
      this.#rules.asked();
      this.#server.write(chunk);
    }
    if (this.#up.isOver) this.#server.end();
    void this.#answer();
  }

  async #answer(): Promise<void> {
    if (this.#asking || (this.#down.isEmpty && !this.#down.isOver)) return;
    this.#asking = true;
    await this.#rules.mayAnswer();
    this.#asking = false;
    if (this.forgotten || !this.#rules.canPass()) return;
    const room = this.#rules.dripping() ? this.#allowed : Infinity;
    for (const chunk of this.#down.take(room)) {
      this.#allowed -= chunk.length;
      this.#total += chunk.length;
      if (!this.#rules.passed("down", chunk.length, this.#total)) return this.reset();
      this.#client.write(chunk);
    }
    if (this.#down.isOver) this.#client.end();
  }

  #line(from: Socket): Line {
    const line = new Line(from);
    from.on("data", (chunk: Buffer) => {
      line.add(chunk);
      this.pump();
    });
    from.on("error", () => {});
    from.on("close", () => {
      line.closed = true;
      this.pump();
    });
    return line;
  }

  #over(): void {
    this.#server.destroy();
    this.#rules.closed();
  }
}

/** What came from one side and has not been passed on. */
class Line {
  closed = false;
  readonly #from: Socket;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(from: Socket) {
    this.#from = from;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** Closed, and all of it passed on. */
  get isOver(): boolean {
    return this.closed && this.isEmpty;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_QUEUED_BYTES) this.#from.pause();
  }

  /** At most `room` bytes, in order. */
  *take(room: number): Generator<Buffer, void> {
    let left = room;
    for (let chunk = this.#chunks.shift(); chunk !== undefined; chunk = this.#chunks.shift()) {
      const part = chunk.subarray(0, left);
      if (part.length < chunk.length) this.#chunks.unshift(chunk.subarray(part.length));
      if (part.length === 0) break;
      left -= part.length;
      this.#bytes -= part.length;
      yield part;
    }
    if (this.#bytes <= MAX_QUEUED_BYTES) this.#from.resume();
  }
}
