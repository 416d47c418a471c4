import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { runCommand, UsageError } from "./args.ts";
import type { BenchCase, BenchContext } from "./bench/case.ts";
import { answersCase } from "./bench/answers-case.ts";
import { addressesCase } from "./bench/addresses-case.ts";
import { writeChart } from "./bench/chart-files.ts";
import { inventoryCase } from "./bench/inventory-case.ts";
import { jsCase } from "./bench/js-case.ts";
import { Stage } from "./bench/cluster.ts";
import { listsCase } from "./bench/lists-case.ts";
import { latencyCase } from "./bench/latency-case.ts";
import { mapCase } from "./bench/map-case.ts";
import type { Measurement } from "./bench/measure.ts";
import { pageCase } from "./bench/page-case.ts";
import { syncCase } from "./bench/sync-case.ts";
import { pushCase } from "./bench/push-case.ts";
import { type CaseResult, hasFailed, resultsJson, resultsText, verdictOf } from "./bench/report.ts";
import { viewersCase } from "./bench/viewers-case.ts";
import { storeCase } from "./bench/store-case.ts";
import { warmCase } from "./bench/warm-case.ts";
import { wireCase } from "./bench/wire-case.ts";

const cases: readonly BenchCase[] = [
  // One a line: each comes with a part of its own.
  syncCase,
  inventoryCase,
  storeCase,
  addressesCase,
  listsCase,
  warmCase,
  viewersCase,
  answersCase,
  mapCase,
  wireCase,
  jsCase,
  pageCase,
  pushCase,
  latencyCase,
];

const command = {
  name: "npm run bench",
  summary:
    "Times Poolboard, as ratios to a peer on the same data measured in the same run, prints a table and writes .poolboard/bench.json. Exit code 1 when a figure is more than twice above its target.",
  flags: {
    nodes: {
      value: "N",
      help: "nodes of the cluster; thirty pods and 1.56 blocks each (5000; 500 with --short)",
    },
    only: { value: "CASE,…", help: "some of the cases below; all when left out" },
    kubeconfig: {
      value: "FILE",
      help: "work on the cluster that FILE names, read only, instead of the embedded one",
    },
    context: { value: "NAME", help: "use this context of --kubeconfig" },
    runs: { value: "N", help: "runs of each case, interleaved; the median counts (3)" },
    json: { value: "FILE", help: "write the results there instead of .poolboard/bench.json" },
    chart: {
      value: "FILE",
      help: "measure nothing: draw the results in FILE as an SVG beside it, and write them into the README",
    },
    short: { help: "less than two minutes: a smaller cluster, and without the slowest peers" },
  },
  notes: cases.map(({ name, summary }) => `${name}: ${summary}`),
} as const;

await runCommand(command, process.argv.slice(2), async (values) => {
  if (values.chart !== undefined) {
    process.stdout.write(`${await writeChart(resolve(values.chart))}\n`);
    return;
  }
  const short = values.short === true;
  const tell = (line: string) => void process.stderr.write(`bench: ${line}\n`);
  const nodes = count("nodes", values.nodes ?? (short ? "500" : "5000"), 99_999);
  const runs = count("runs", values.runs ?? "3", 99);
  const asked = chosen(values.only, short);
  const source = sourceOf(values);
  const stage = new Stage({ source, nodes, tell });
  const results: CaseResult[] = [];
  // What has been measured until then is shown: a full run takes many minutes.
  const stop = () => {
    if (results.length > 0) process.stdout.write(resultsText(results, short));
    void stage.end().finally(() => process.exit(130));
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, stop);
  process.once("disconnect", stop);
  process.channel?.unref();
  const context: BenchContext = {
    nodes,
    runs,
    short,
    tell,
    cluster: () => stage.cluster(),
    product: () => stage.product(),
    startProduct: () => stage.startProduct(),
  };
  if (source !== null) {
    await stage.cluster().catch((error: unknown) => {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    });
  }
  for (const one of asked) results.push(await take(one, context));
  const cluster = await stage.facts();
  await stage.end();
  const report = {
    at: new Date().toISOString(),
    machine: {
      node: process.version,
      system: `${process.platform} ${process.arch}`,
      cpus: cpus().length,
      cpu: cpus()[0]?.model ?? null,
      memoryBytes: totalmem(),
    },
    cluster,
    nodes,
    runs,
    short,
    cases: resultsJson(results, short),
  };
  const file = values.json ?? join(import.meta.dirname, "..", "..", ".poolboard", "bench.json");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(resultsText(results, short));
  process.exitCode = results.some((result) => hasFailed(result, short)) ? 1 : 0;
});

/** A case that misses by more than the slack is measured once more: the machine may have been busy with something else. */
async function take(one: BenchCase, context: BenchContext): Promise<CaseResult> {
  const first = await once(one, context);
  if (first.error !== null || !hasFailed(first, context.short)) return first;
  const { measurements } = first;
  for (const each of measurements.filter((figure) => verdictOf(figure, context.short) === "failed"))
    context.tell(`far above its target: ${each.name}, ${each.value} (${each.against ?? "no peer"})`);
  context.tell(`${one.name} once more`);
  return { ...(await once(one, context)), secondTry: true };
}

/** What a case throws is its result: the others still run. */
async function once(one: BenchCase, context: BenchContext): Promise<CaseResult> {
  const start = performance.now();
  const done = (measurements: readonly Measurement[], error: string | null): CaseResult => ({
    name: one.name,
    summary: one.summary,
    measurements,
    error,
    seconds: Math.round((performance.now() - start) / 100) / 10,
    secondTry: false,
  });
  try {
    return done(await one.run(context), null);
  } catch (error) {
    return done([], (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "");
  }
}

function sourceOf({ kubeconfig, context }: { kubeconfig?: string; context?: string }) {
  if (kubeconfig === undefined) {
    if (context === undefined) return null;
    throw new UsageError("--context names a context of a file; add --kubeconfig FILE");
  }
  if (!existsSync(kubeconfig))
    throw new UsageError(`there is no file ${kubeconfig}; name one that is there with --kubeconfig`);
  return { kubeconfig: resolve(kubeconfig), ...(context === undefined ? {} : { context }) };
}

function chosen(only: string | undefined, short: boolean): readonly BenchCase[] {
  if (only === undefined) return short ? cases.filter(({ longOnly }) => longOnly !== true) : cases;
  return only.split(",").map((name) => {
    const found = cases.find((one) => one.name === name);
    if (found) return found;
    throw new UsageError(`--only ${name} is none of ${cases.map((one) => one.name).join(", ")}`);
  });
}

function count(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new UsageError(
      `--${flag} ${text} is not a number between 1 and ${most}; leave it out for the default`,
    );
  }
  return value;
}
