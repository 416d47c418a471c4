import { monitorEventLoopDelay } from "node:perf_hooks";
import { join } from "node:path";
import { Child } from "../bench/child.ts";
import { productFlags } from "../product-flags.mjs";
import { agreement } from "./agreement.ts";
import { LogLines } from "./log-lines.ts";
import { descriptorsOf, loopResolutionMs, type Sample, type Vitals, waitedMsOf } from "./sample.ts";
import { pause } from "./pause.ts";
import { strikeOften } from "./strikes.ts";
import type { Comparison, Seen, SoakResult, Strike, ViewerCounts } from "./soak-result.ts";
import { megabytes } from "./line.ts";

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
    const product = start("product", [kubeconfig], ["--expose-gc", ...productFlags]);
    const url = await product.firstLine();
    // What is said while it starts is no log yet.
    product.process.stderr?.setEncoding("utf8").on("data", (piece: string) => log.take(piece));
    await podsAreThere(url, options.signal);
    const crowd = start("viewers", [viewers, seed]);
    await crowd.firstLine();
    return await new Run({ cluster, product, crowd, kubeconfig, url, log }, options).run();
  } finally {
    await Promise.all(children.map((child) => child.end()));
  }
}

interface Parts {
  readonly cluster: Child;
  readonly product: Child;
  readonly crowd: Child;
  readonly kubeconfig: string;
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
  /** The time is up. */
  readonly #over = new AbortController();
  /** Nothing more can be measured. */
  readonly #interrupted = new AbortController();
  #startedAt = 0;
  /** When it was asked, and for how long the product had waited for a processor. */
  #waited: { readonly at: number; readonly ms: number } | null = null;
  #viewers: Omit<ViewerCounts, "seen"> | null = null;
  #broken: string | null = null;

  constructor(parts: Parts, options: SoakOptions) {
    this.#parts = parts;
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#end("it was interrupted"), { once: true });
    for (const [name, child] of Object.entries({
      cluster: parts.cluster,
      product: parts.product,
      viewers: parts.crowd,
    }))
      child.process.once("exit", () => this.#end(`the ${name} process ended`));
  }

  async run(): Promise<SoakResult> {
    const { cluster, crowd, url, log } = this.#parts;
    const { minutes, rates, seed } = this.#options;
    this.#idle.enable();
    const { canary, url: server } = await cluster.ask<{ canary: string; url: string }>({
      what: "churn",
      ...rates,
    });
    const scene = { url, canary };
    await crowd.ask({ what: "begin", ...scene });
    this.#startedAt = Date.now();
    const timer = setTimeout(() => this.#over.abort(), minutes * 60_000);
    const strikes = strikeOften(
      {
        minutes,
        seed,
        over: this.#over.signal,
        interrupted: this.#interrupted.signal,
        ask: (whom, question) => this.#parts[whom].ask({ ...question, ...scene }),
        seen: async () => {
          await this.#pull();
          return this.#seen;
        },
      },
      this.#strikes,
    );
    let comparison: Comparison | null = null;
    try {
      await Promise.all([this.#sampleOften(), strikes]);
      if (this.#broken === null) comparison = await this.#compare(server);
      await this.#pull();
    } catch (error) {
      this.#end(error instanceof Error ? error.message : "unknown");
    }
    clearTimeout(timer);
    return {
      seconds: (Date.now() - this.#startedAt) / 1_000,
      samples: this.#samples,
      strikes: this.#strikes,
      seen: this.#seen,
      viewers: this.#viewers,
      comparison,
      log: { counts: Object.fromEntries(log.counts), unexpected: log.unexpected },
      interrupted: this.#broken,
    };
  }

  #end(why: string): void {
    this.#broken ??= why;
    this.#over.abort();
    this.#interrupted.abort();
  }

  /** Every ten seconds, in short runs more often: each sample collects all garbage, which holds the product up. */
  async #sampleOften(): Promise<void> {
    const { signal } = this.#over;
    const everyMs = Math.min(10_000, Math.max(2_000, (this.#options.minutes * 60_000) / 20));
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
    const pid = product.process.pid ?? 0;
    const [descriptors, waitedMs] = await Promise.all([descriptorsOf(pid), waitedMsOf(pid)]);
    const waited = this.#shareWaited(waitedMs);
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
      waited,
      lists: counts.lists,
      writes: counts.writes,
      requests: this.#viewers?.requests ?? 0,
    };
  }

  #shareWaited(ms: number | null): number | null {
    const before = this.#waited;
    this.#waited = ms === null ? null : { at: performance.now(), ms };
    return before === null || this.#waited === null
      ? null
      : (this.#waited.ms - before.ms) / (this.#waited.at - before.at);
  }

  async #pull(): Promise<void> {
    const { seen, ...rest } = await this.#parts.crowd.ask<ViewerCounts>({ what: "counts" });
    // Before it is first written for this, the block has another time of claim.
    this.#seen.push(...seen.filter(({ writtenAt }) => writtenAt >= this.#startedAt));
    this.#viewers = rest;
  }

  /** Ends all change, and waits until everybody knows what is true. */
  async #compare(server: string): Promise<Comparison> {
    const { cluster, crowd, kubeconfig, url } = this.#parts;
    this.#options.tell("the time is up; everything is counted again");
    await cluster.ask({ what: "calm" });
    await cluster.ask({ what: "stop" });
    return await agreement({ crowd, kubeconfig, server, url, interrupted: this.#interrupted.signal });
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
