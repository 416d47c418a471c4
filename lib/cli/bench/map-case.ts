import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { findBrowser } from "../browser.ts";
import type { BenchCase } from "./case.ts";
import type { DrawingName, MapBench } from "./map-page.ts";
import { median, type Measurement } from "./measure.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const large = 262_144;
const small = 16_384;
const travelFrames = 120;

/** What one drawing of so many blocks cost in one browser. Times in milliseconds. */
interface Costs {
  /** Work of the page's main thread until the map was drawn: script, style, layout, paint. */
  readonly first: number;
  readonly change: number;
  readonly hover: number;
  /** From frame to frame while it is enlarged and moved. */
  readonly frames: readonly number[];
  /** Work of the main thread a frame of that. */
  readonly frameWork: number;
  /** Bytes of the page's process more than before. */
  readonly memory: number;
}

export const mapCase: BenchCase = {
  name: "map",
  summary: "the pool map in a real Chromium, beside an SVG and a DOM grid",
  async run({ runs, tell }) {
    tell("the pool map in Chromium");
    return measureMap(runs);
  },
};

/**
 * The pool map in a real Chromium: 262,144 blocks, and beside an SVG and a DOM grid of the same 16,384 blocks, each in a
 * browser of its own, interleaved.
 */
async function measureMap(runs: number): Promise<Measurement[]> {
  const server = await serveModules();
  try {
    const subjects = [
      ["canvas", large],
      ["canvas", small],
      ["svg", small],
      ["dom", small],
    ] as const;
    const costs = subjects.map(() => [] as Costs[]);
    for (let run = 0; run < runs; run += 1) {
      for (const [index, [drawing, count]] of subjects.entries()) {
        costs[index]?.push(await measured(server.url, drawing, count));
      }
    }
    const [big, own, svg, dom] = costs.map(middle);
    if (!big || !own || !svg || !dom) return [];
    return [
      ...rows(`map of ${large.toLocaleString("en-US")} blocks`, big, null),
      ...rows(`map of ${small.toLocaleString("en-US")}, against SVG`, own, svg),
      ...rows(`map of ${small.toLocaleString("en-US")}, against DOM`, own, dom),
    ];
  } finally {
    await server.end();
  }
}

function rows(name: string, own: Costs, peer: Costs | null): Measurement[] {
  const row = (
    what: string,
    of: (costs: Costs) => number,
    unit: Measurement["unit"] = "ms",
  ): Measurement => ({
    name: `${name}: ${what}`,
    value: of(own),
    against: peer && of(peer),
    unit,
  });
  return [
    row("first paint", ({ first }) => first),
    row("1 % changed", ({ change }) => change),
    row("hover hit", ({ hover }) => hover),
    row("work a frame, zoom and pan", ({ frameWork }) => frameWork),
    ...[50, 95, 99].map((share) =>
      row(`frame p${share}, zoom and pan`, ({ frames }) => percentile(frames, share)),
    ),
    row("memory", ({ memory }) => memory, "bytes"),
  ];
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? Number.NaN;
}

/** The median of each figure over the runs. */
function middle(costs: readonly Costs[]): Costs {
  const of = (pick: (one: Costs) => number) => median(costs.map(pick));
  return {
    first: of(({ first }) => first),
    change: of(({ change }) => change),
    hover: of(({ hover }) => hover),
    frames: costs.flatMap(({ frames }) => frames),
    frameWork: of(({ frameWork }) => frameWork),
    memory: of(({ memory }) => memory),
  };
}

async function measured(url: string, drawing: DrawingName, count: number): Promise<Costs> {
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({ executablePath, args: [...args], env });
  try {
    const page = await browser.newPage({ viewport: { width: 512, height: 512 } });
    await page.goto(url);
    await page.waitForFunction(() => "bench" in globalThis);
    await page.evaluate((blocks) => theBench().prepare(blocks), count);
    const work = await mainThread(page);
    const resident = await residentBytes(page);
    const before = await resident();
    const first = await work(() => page.evaluate((name) => theBench().first(name), drawing));
    const changes: number[] = [];
    for (let seed = 1; seed <= 5; seed += 1) {
      changes.push(await work(() => page.evaluate((each) => theBench().change(each), seed)));
    }
    const hover = await page.evaluate(() => theBench().hover(2000));
    let frames: readonly number[] = [];
    const travel = await work(async () => {
      frames = await page.evaluate((many) => theBench().travel(many), travelFrames);
    });
    const memory = (await resident()) - before;
    return { first, change: median(changes), hover, frames, frameWork: travel / travelFrames, memory };
  } finally {
    await browser.close();
  }
}

declare const theBench: () => MapBench;

/** Measures how long the page's main thread works while something is done, in milliseconds. */
async function mainThread(page: Page): Promise<(task: () => Promise<unknown>) => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const worked = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
  };
  return async (task) => {
    const before = await worked();
    await task();
    return (await worked()) - before;
  };
}

/** Resident bytes of the page's process after a garbage collection; NaN where the system does not tell. */
async function residentBytes(page: Page): Promise<() => Promise<number>> {
  const browser = page.context().browser();
  const session = await browser?.newBrowserCDPSession();
  const collector = await page.context().newCDPSession(page);
  return async () => {
    await collector.send("HeapProfiler.collectGarbage");
    const found = await session?.send("SystemInfo.getProcessInfo");
    const renderers = found?.processInfo.filter(({ type }) => type === "renderer") ?? [];
    const sizes = await Promise.all(
      renderers.map(async ({ id }) => {
        const [, pages] = (await readFile(`/proc/${id}/statm`, "utf8")).split(" ");
        return Number(pages) * 4096;
      }),
    ).catch(() => [Number.NaN]);
    return sizes.reduce((sum, size) => sum + size, 0);
  };
}

/** Node says once that taking types out is experimental; whoever runs a bench can do nothing about it. */
function withoutTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Serves the project's modules to a browser on loopback, their types taken out. */
async function serveModules(): Promise<{ readonly url: string; readonly end: () => Promise<void> }> {
  const page = `<!doctype html><meta charset="utf-8"><body>
<script type="importmap">{ "imports": { "@/": "/" } }</script>
<script type="module">import "/lib/cli/bench/map-page.ts"; globalThis.theBench = () => globalThis.bench;</script>`;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (path === "/") {
      response.setHeader("Content-Type", "text/html");
      response.end(page);
      return;
    }
    readFile(join(root, path), "utf8")
      .then((source) => {
        response.setHeader("Content-Type", "text/javascript");
        response.end(withoutTypes(source));
      })
      .catch(() => {
        response.statusCode = 404;
        response.end();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    end: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
