import { monitorEventLoopDelay } from "node:perf_hooks";
import { join } from "node:path";
import { SeededRandom } from "../../sim/scenarios/seeded-random.ts";
import { Child } from "../bench/child.ts";
import { LogLines } from "./log-lines.ts";
import { descriptorsOf, loopResolutionMs, type Sample, type Vitals } from "./sample.ts";
import { pause } from "./pause.ts";
import { soakFaults } from "./soak-fault.ts";
import type { Comparison, Seen, SoakResult, Strike, ViewerCounts } from "./soak-result.ts";
import { megabytes } from "./report.ts";
import { clusterTruth, compareFacts, productAnswers } from "./truth.ts";

export interface SoakOptions {
  readonly minutes: number;
  readonly nodes: number;
  readonly viewers: number;
  readonly rates: { readonly pods: number; readonly blocks: number };
  readonly seed: string;
  /** Ends the run early; what was measured is still told. */
  readonly signal: AbortSignal;
  tell(line: string): void;
}

interface ClusterCounts {
  readonly writes: { readonly pods: number; readonly blocks: number };
  readonly lists: Readonly<Record<string, number>>;
}

const givenUpMs = 120_000;
const agreementMs = 45_000;

/** Starts cluster, product and viewers, keeps them at it for so many minutes, and compares at the end. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { nodes, viewers, seed, tell } = options;
  const program = (name: string) => join(import.meta.dirname, `${name}-child.ts`);
  const children: Child[] = [];
  const start = (name: string, args: readonly (string | number)[], flags: readonly string[] = []) => {
    const child = new Child(program(name), args.map(String), {}, flags);
    children.push(child);
    return child;
  };
  try {
    tell(`a cluster of ${nodes} nodes, Poolboard on it, ${viewers} viewers`);
    const cluster = start("cluster", [nodes, seed]);
    const kubeconfig = await cluster.firstLine();
    const log = new LogLines();
    const product = start("product", [kubeconfig], ["--expose-gc"]);
    const url = await product.firstLine();
    // What is said while it starts is no log yet.
    product.process.stderr?.setEncoding("utf8").on("data", (piece: string) => log.take(piece));
    await podsAreThere(url, options.signal);
    const crowd = start("viewers", [viewers, seed]);
    await crowd.firstLine();
    return await new Run({ cluster, product, crowd, url, log }, options).run();
  } finally {
    await Promise.all(children.map((child) => child.end()));
  }
}

interface Parts {
  readonly cluster: Child;
  readonly product: Child;
  readonly crowd: Child;
  readonly url: string;
  readonly log: LogLines;
}

class Run {
  readonly #parts: Parts;
  readonly #options: SoakOptions;
  readonly #samples: Sample[] = [];
  readonly #strikes: Strike[] = [];
  readonly #seen: Seen[] = [];
  readonly #idle = monitorEventLoopDelay({ resolution: loopResolutionMs });
  readonly #over = new AbortController();
  #startedAt = 0;
  #viewers: Omit<ViewerCounts, "seen"> | null = null;
  #broken: string | null = null;

  constructor(parts: Parts, options: SoakOptions) {
    this.#parts = parts;
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#over.abort(), { once: true });
    for (const [name, child] of Object.entries({
      cluster: parts.cluster,
      product: parts.product,
      viewers: parts.crowd,
    }))
      child.process.once("exit", () => this.#end(`the ${name} process ended`));
  }

  async run(): Promise<SoakResult> {
    const { cluster, crowd, url, log } = this.#parts;
    const { minutes, rates, signal } = this.#options;
    this.#idle.enable();
    const { canary, url: server } = await cluster.ask<{ canary: string; url: string }>({
      what: "churn",
      ...rates,
    });
    await crowd.ask({ what: "begin", url, canary });
    this.#startedAt = Date.now();
    const timer = setTimeout(() => this.#over.abort(), minutes * 60_000);
    await Promise.all([this.#sampleOften(), this.#strikeOften()]).catch((error: unknown) =>
      this.#end(error instanceof Error ? error.message : "unknown"),
    );
    clearTimeout(timer);
    const seconds = (Date.now() - this.#startedAt) / 1_000;
    let comparison: Comparison | null = null;
    if (this.#broken === null && !signal.aborted) {
      try {
        comparison = await this.#compare(server);
        await this.#pull();
      } catch (error) {
        this.#broken = `nothing could be compared: ${error instanceof Error ? error.message : "unknown"}`;
      }
    }
    const interrupted = this.#broken ?? (signal.aborted ? "it was interrupted" : null);
    return {
      seconds,
      samples: this.#samples,
      strikes: this.#strikes,
      seen: this.#seen,
      viewers: this.#viewers ?? {
        requests: 0,
        refusals: {},
        streams: 0,
        cut: 0,
        resets: 0,
        dropped: 0,
        kept: 0,
      },
      comparison,
      log: { counts: Object.fromEntries(log.counts), unexpected: log.unexpected },
      interrupted,
    };
  }

  #end(why: string): void {
    if (this.#over.signal.aborted) return;
    this.#broken = why;
    this.#over.abort();
  }

  /** About two hundred samples in all, not closer than two seconds. */
  async #sampleOften(): Promise<void> {
    const { signal } = this.#over;
    const everyMs = Math.min(10_000, Math.max(2_000, (this.#options.minutes * 60_000) / 200));
    let toldAt = Date.now();
    while (!signal.aborted) {
      await pause(everyMs, signal);
      if (signal.aborted) return;
      const sample = await this.#sample();
      this.#samples.push(sample);
      if (Date.now() - toldAt < 60_000) continue;
      toldAt = Date.now();
      const { at, heapBytes, rssBytes, sockets, timers, streams } = sample;
      this.#options.tell(
        `${Math.round(at / 60)} min: heap ${megabytes(heapBytes)}, RSS ${megabytes(rssBytes)}, ${sockets ?? "?"} sockets, ${timers} timers, ${streams} streams, ${this.#strikes.length} faults`,
      );
    }
  }

  async #sample(): Promise<Sample> {
    const { cluster, product } = this.#parts;
    const idleLongestMs = Math.max(0, this.#idle.max / 1e6 - loopResolutionMs);
    const idleP99Ms = Math.max(0, this.#idle.percentile(99) / 1e6 - loopResolutionMs);
    this.#idle.reset();
    const descriptors = await descriptorsOf(product.process.pid ?? 0);
    const vitals = await product.ask<Vitals>({ what: "vitals" });
    const counts = await cluster.ask<ClusterCounts>({ what: "counts" });
    await this.#pull();
    const at = (Date.now() - this.#startedAt) / 1_000;
    const before = this.#samples.at(-1);
    return {
      ...vitals,
      at,
      descriptors: descriptors?.descriptors ?? null,
      sockets: descriptors?.sockets ?? null,
      idleLongestMs,
      idleP99Ms,
      processors: before === undefined ? 0 : (vitals.cpuMs - before.cpuMs) / 1_000 / (at - before.at),
      lists: counts.lists,
      writes: counts.writes,
      requests: this.#viewers?.requests ?? 0,
    };
  }

  async #pull(): Promise<void> {
    const { seen, ...rest } = await this.#parts.crowd.ask<ViewerCounts>({ what: "counts" });
    // Before it is first written for this, the block has another time of claim.
    this.#seen.push(...seen.filter(({ writtenAt }) => writtenAt >= this.#startedAt));
    this.#viewers = rest;
  }

  /** One fault after the other, each when the one before has been got over. */
  async #strikeOften(): Promise<void> {
    const { signal } = this.#over;
    const { minutes, seed } = this.#options;
    const random = new SeededRandom(`${seed} faults`);
    const apartMs = Math.min(20_000, Math.max(3_000, minutes * 1_000));
    while (!signal.aborted) {
      await pause(apartMs * (1 + random.next()), signal);
      const fault = random.pick(soakFaults);
      if (signal.aborted || fault === undefined) return;
      const from = Date.now();
      await this.#parts.cluster.ask({ what: "strike", name: fault.name });
      const to = Date.now();
      const recoveredMs = await this.#recovery(to, signal);
      if (signal.aborted && recoveredMs === null) return;
      await this.#parts.cluster.ask({ what: "calm" });
      this.#strikes.push({ name: fault.name, loss: fault.loss, from, to, recoveredMs });
    }
  }

  /** Until a viewer is told of something that was written after that moment. */
  async #recovery(since: number, signal: AbortSignal): Promise<number | null> {
    while (!signal.aborted && Date.now() - since < givenUpMs) {
      await pause(500, signal);
      await this.#pull();
      const told = this.#seen
        .filter(({ writtenAt }) => writtenAt >= since)
        .map(({ writtenAt, ms }) => writtenAt + ms - since);
      if (told.length > 0) return Math.min(...told);
    }
    return null;
  }

  /** Ends all change, and waits until everybody knows what is true. */
  async #compare(server: string): Promise<Comparison> {
    const { cluster, crowd, url } = this.#parts;
    await cluster.ask({ what: "calm" });
    await cluster.ask({ what: "stop" });
    const stoppedAt = Date.now();
    const truth = await clusterTruth(server);
    for (;;) {
      const { lost, phantom } = compareFacts(truth, await productAnswers(url));
      const told = await crowd.ask<{ viewers: number; wrong: string[] }>({
        what: "compare",
        truth: truth.blocks,
      });
      const agrees = lost.length + phantom.length + told.wrong.length === 0;
      const waitedMs = Date.now() - stoppedAt;
      if (agrees || waitedMs > agreementMs) {
        const compared = Object.keys(truth.pods).length + Object.keys(truth.blocks).length;
        return { compared, lost, phantom, ...told, agreedAfterMs: agrees ? waitedMs : null };
      }
      await pause(500, this.#options.signal);
    }
  }
}

async function podsAreThere(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/api/v1/pods?limit=1`, { signal });
    const { total = null } = (await answer.json()) as { total?: number | null };
    if (answer.status === 200 && total !== null) return;
    await pause(200, signal);
    signal.throwIfAborted();
  }
}
