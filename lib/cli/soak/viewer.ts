import { Agent, get, type IncomingMessage } from "node:http";
import { constants, createGunzip } from "node:zlib";
import type { Block } from "../../contract/blocks.ts";
import type { ChangeEvent } from "../../contract/events.ts";
import { eventReader, type StreamEvent } from "../../queries/event-stream.ts";
import type { SeededRandom } from "../../sim/scenarios/seeded-random.ts";
import { api, pages } from "./pages.ts";
import { pause } from "./pause.ts";

/**
 * How a viewer behaves: `steady` stays and reads, `slow` reads late, `guest` leaves and comes back, `stalled` opens a stream, does
 * not read it and must be dropped for it.
 */
export type Manner = "steady" | "slow" | "guest" | "stalled";

/** What happened to all viewers together. */
export interface Tally {
  requests: number;
  /** Answers that are neither 200 nor 304, by status and path; 503 and 502 say that something cannot be known now. */
  readonly refusals: Map<string, number>;
  streams: number;
  /** Streams that ended although the viewer stayed. */
  cut: number;
  resets: number;
  /**
   * Viewers that did not read, by what became of them: dropped for it; kept, although more waited for them than is allowed; or
   * not enough was sent for anybody to notice.
   */
  readonly stalled: { dropped: number; kept: number; unnoticed: number };
  /** When something was written and how long after that a steady viewer was told, in milliseconds. */
  seen: { readonly writtenAt: number; readonly ms: number }[];
}

export interface Surroundings {
  readonly url: string;
  readonly random: SeededRandom;
  readonly tally: Tally;
  /** Block whose time of claim says when it was written. */
  readonly canary: string;
  /** Ends when the run ends. */
  readonly signal: AbortSignal;
}

const requestTimeoutMs = 30_000;
const slowMs = 150;
/** Until what is queued, in the kernel and in the server, is more than is allowed, and a heartbeat has noticed. */
const stalledMs = 240_000;
/** What is still on its way comes within this time once it is read. */
const drainedMs = 10_000;
/** Linux takes 4.0 MB for a connection whose reader never reads, and the server one more: before that nobody notices. */
const unnoticedBytes = 5.5 * 1024 * 1024;

/** One browser: a stream, and the requests of the pages it shows. */
export class Viewer {
  readonly manner: Manner;
  /** What the stream has told of each block since it was opened: addresses in use and owner. */
  readonly blocks = new Map<string, string>();
  readonly #around: Surroundings;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #etags = new Map<string, string>();
  #version: string | null = null;
  /** Has the app: pages are then moved to within it. */
  #isIn = false;
  #leave = new AbortController();

  constructor(manner: Manner, around: Surroundings) {
    this.manner = manner;
    this.#around = around;
  }

  /** Until the signal. */
  async live(): Promise<void> {
    await Promise.all([this.#watch(), this.#browse()]);
    this.#agent.destroy();
  }

  /** Differences between what it was told and what is true (block → addresses in use and owner). */
  differences(truth: Readonly<Record<string, string>>): string[] {
    return [...this.blocks].flatMap(([name, told]) => {
      const wanted = truth[name];
      if (wanted === undefined) return [`${name} is gone`];
      return told === wanted ? [] : [`${name} has ${told} instead of ${wanted}`];
    });
  }

  async #browse(): Promise<void> {
    const { random, signal } = this.#around;
    while (!signal.aborted) {
      const page = random.pick(pages);
      for (const path of page?.(random) ?? []) await this.#ask(path);
      await pause(2_000 + random.below(6_000), signal);
    }
  }

  async #ask(path: string): Promise<void> {
    const { tally, signal, url } = this.#around;
    if (signal.aborted) return;
    tally.requests += 1;
    const etag = this.#etags.get(path);
    const isMove = this.#isIn && !path.startsWith(api);
    if (!path.startsWith(api)) this.#isIn = true;
    const headers = {
      "accept-encoding": "gzip",
      ...(etag === undefined ? {} : { "if-none-match": etag }),
      ...(isMove ? { rsc: "1" } : {}),
    };
    const status = await new Promise<number | string>((resolve) => {
      const request = get(
        `${url}${path}${isMove ? "?_rsc" : ""}`,
        { agent: this.#agent, headers, signal, timeout: requestTimeoutMs },
        (answer) => {
          const { etag: tag } = answer.headers;
          if (tag !== undefined) this.#etags.set(path, tag);
          answer.on("end", () => resolve(answer.statusCode ?? 0)).on("error", () => resolve("broken off"));
          answer.resume();
        },
      );
      request.on("timeout", () => request.destroy(new Error("timeout")));
      request.on("error", (error) => resolve(error.message));
    });
    if (status === 200 || status === 304 || signal.aborted) return;
    const what = `${status} ${path.split("?")[0] ?? ""}`;
    tally.refusals.set(what, (tally.refusals.get(what) ?? 0) + 1);
  }

  async #watch(): Promise<void> {
    const { random, signal, tally } = this.#around;
    while (!signal.aborted) {
      this.#leave = new AbortController();
      const staysMs = this.manner === "guest" ? 10_000 + random.below(50_000) : null;
      const timer = staysMs === null ? undefined : setTimeout(() => this.#leave.abort(), staysMs);
      await this.#readStream(AbortSignal.any([signal, this.#leave.signal]));
      clearTimeout(timer);
      if (this.#leave.signal.aborted) this.#isIn = false;
      if (!signal.aborted && !this.#leave.signal.aborted && this.manner !== "stalled") tally.cut += 1;
      if (!signal.aborted) await pause(500 + random.below(2_000), signal);
    }
  }

  async #readStream(signal: AbortSignal): Promise<void> {
    const { url, tally, random } = this.#around;
    tally.streams += 1;
    // Half of those who come back go on from where they were.
    const since = this.#version !== null && random.next() < 0.5 ? `?since=${this.#version}` : "";
    if (since === "") this.blocks.clear();
    await new Promise<void>((resolve) => {
      // Half of the readers take it packed, as browsers do.
      const packed = this.manner !== "stalled" && random.next() < 0.5;
      const headers = { accept: "text/event-stream", ...(packed ? { "accept-encoding": "gzip" } : {}) };
      const request = get(`${url}/api/v1/events${since}`, { agent: false, headers, signal }, (answer) => {
        if (answer.statusCode !== 200) answer.resume();
        else if (this.manner === "stalled") void this.#stall(answer);
        else this.#take(answer);
        answer.on("close", resolve).on("error", () => resolve());
      });
      request.on("error", () => resolve());
    });
  }

  #take(answer: IncomingMessage): void {
    const read = eventReader();
    const isPacked = answer.headers["content-encoding"] === "gzip";
    const text = isPacked ? answer.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })) : answer;
    text.setEncoding("utf8");
    // A packed stream that is cut is not whole; the connection's own end is what counts.
    text.on("error", () => answer.destroy());
    text.on("data", (piece: string) => {
      for (const event of read(piece)) this.#hear(event);
      if (this.manner === "slow") {
        text.pause();
        setTimeout(() => text.resume(), slowMs);
      }
    });
  }

  /**
   * Does not read, for so long that it must have been dropped, and then looks whether it was: a connection whose reader does not
   * read is not told of its end. From the very beginning, because the kernel's buffers grow with what is read.
   */
  async #stall(answer: IncomingMessage): Promise<void> {
    const { signal, tally } = this.#around;
    answer.pause();
    await pause(stalledMs, signal);
    const { socket } = answer;
    answer.resume();
    await pause(drainedMs, signal);
    if (signal.aborted) return;
    if (answer.destroyed) tally.stalled.dropped += 1;
    else if (socket.bytesRead > unnoticedBytes) tally.stalled.kept += 1;
    else tally.stalled.unnoticed += 1;
    answer.destroy();
  }

  #hear(event: StreamEvent): void {
    const { tally, canary } = this.#around;
    if (event.name === "hello" || event.name === "reset") {
      if (event.name === "reset") {
        this.blocks.clear();
        tally.resets += 1;
      }
      this.#version = (parsed(event.data) as { version: string }).version;
      return;
    }
    if (event.name !== "change") return;
    const change = parsed(event.data) as ChangeEvent;
    this.#version = change.version;
    for (const name of change.removed.blocks) this.blocks.delete(name);
    for (const block of change.blocks) {
      this.blocks.set(block.name, toldOf(block));
      if (block.name !== canary || this.manner !== "steady") continue;
      const writtenAt = Date.parse(block.claimedAt ?? "");
      tally.seen.push({ writtenAt, ms: Date.now() - writtenAt });
    }
  }
}

function toldOf({ used, node }: Block): string {
  return `${used} of ${node ?? "nobody"}`;
}

const recent = new Map<string, unknown>();

/** A frame is the same for all viewers: a hundred of them are parsed once. */
function parsed(data: string): unknown {
  const known = recent.get(data);
  if (known !== undefined) return known;
  const value: unknown = JSON.parse(data);
  recent.set(data, value);
  const [oldest] = recent.keys();
  if (recent.size > 16 && oldest !== undefined) recent.delete(oldest);
  return value;
}
