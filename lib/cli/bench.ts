import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { goPrettyTable } from "../format/text-table.ts";
import { runCommand, UsageError } from "./args.ts";
import type { BenchCase, BenchContext } from "./bench/case.ts";
import { inventoryCase } from "./bench/inventory-case.ts";
import { Stage } from "./bench/cluster.ts";
import { mapCase } from "./bench/map-case.ts";
import { type Measurement, shareOfTarget } from "./bench/measure.ts";

const cases: readonly BenchCase[] = [inventoryCase, mapCase];

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
    short: { help: "less than two minutes: a smaller cluster, and without the slowest peers" },
  },
  notes: cases.map(({ name, summary }) => `${name}: ${summary}`),
} as const;

await runCommand(command, process.argv.slice(2), async (values) => {
  const short = values.short === true;
  const tell = (line: string) => void process.stderr.write(`bench: ${line}\n`);
  const nodes = count("nodes", values.nodes ?? (short ? "500" : "5000"), 99_999);
  const stage = new Stage({ source: sourceOf(values), nodes, tell });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.once(signal, () => void stage.end().finally(() => process.exit(130)));
  const context: BenchContext = {
    nodes,
    runs: count("runs", values.runs ?? "3", 99),
    short,
    tell,
    cluster: () => stage.cluster(),
    product: () => stage.product(),
    startProduct: () => stage.startProduct(),
  };
  const measurements: Measurement[] = [];
  try {
    for (const one of chosen(values.only)) {
      if (short && one.longOnly && values.only === undefined) continue;
      measurements.push(...(await one.run(context)));
    }
  } finally {
    await stage.end();
  }
  const report = {
    at: new Date().toISOString(),
    node: process.version,
    cpus: cpus().length,
    nodes: context.nodes,
    runs: context.runs,
    measurements: measurements.map((one) => ({
      ...one,
      ratio: one.against === null ? null : one.value / one.against,
      shareOfTarget: shareOfTarget(one),
    })),
  };
  const folder = join(import.meta.dirname, "..", "..", ".poolboard");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "bench.json"), `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(goPrettyTable(tableOf(measurements), [1, 2, 3, 4]));
  if (measurements.some((one) => (shareOfTarget(one) ?? 0) > 2)) process.exitCode = 1;
});

function sourceOf({ kubeconfig, context }: { kubeconfig?: string; context?: string }) {
  if (kubeconfig === undefined) {
    if (context === undefined) return null;
    throw new UsageError("--context names a context of a file; add --kubeconfig FILE");
  }
  if (!existsSync(kubeconfig))
    throw new UsageError(`there is no file ${kubeconfig}; name one that is there with --kubeconfig`);
  return { kubeconfig: resolve(kubeconfig), ...(context === undefined ? {} : { context }) };
}

function chosen(only: string | undefined): readonly BenchCase[] {
  if (only === undefined) return cases;
  return only.split(",").map((name) => {
    const found = cases.find((one) => one.name === name);
    if (found) return found;
    throw new UsageError(`--only ${name} is none of ${cases.map((one) => one.name).join(", ")}`);
  });
}

function tableOf(measurements: readonly Measurement[]) {
  return {
    header: ["CASE", "POOLBOARD", "PEER", "RATIO", "OF TARGET"],
    rows: measurements.map((one) => {
      const { name, value, against, peer, unit } = one;
      const share = shareOfTarget(one);
      return [
        name,
        shown(value, unit),
        against === null ? "" : `${peer === undefined ? "" : `${peer} `}${shown(against, unit)}`,
        against === null ? "" : ratioText(value / against),
        share === null ? "" : `${Math.round(share * 100)} %`,
      ];
    }),
  };
}

function shown(value: number, unit: Measurement["unit"]): string {
  if (unit === "bytes") return megabytes(value);
  if (unit === "count") return String(Math.round(value * 100) / 100);
  return value < 10 ? `${value < 0.01 ? value.toFixed(5) : value.toFixed(3)} ms` : `${Math.round(value)} ms`;
}

function ratioText(ratio: number): string {
  return ratio >= 0.1 ? `${ratio.toFixed(2)}×` : `1/${Math.round(1 / ratio).toLocaleString("en-US")}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
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
