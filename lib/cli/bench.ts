import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { goPrettyTable } from "../format/text-table.ts";
import { runCommand, UsageError } from "./args.ts";
import { inventoryCase } from "./bench/inventory-case.ts";
import { largePages } from "./bench/large-pages.ts";
import type { Measurement } from "./bench/measure.ts";

const command = {
  name: "npm run bench",
  summary:
    "Times Poolboard's inventory on a large cluster generated in memory, as ratios to plain JSON.parse of the same bytes, prints a table and writes .poolboard/bench.json.",
  flags: {
    nodes: { value: "N", help: "nodes of the cluster; thirty pods and 1.56 blocks each (5000)" },
    runs: { value: "N", help: "runs of the list case, interleaved; the median counts (3)" },
  },
} as const;

await runCommand(command, process.argv.slice(2), async (values) => {
  const nodes = count("nodes", values.nodes ?? "5000", 100_000);
  const runs = count("runs", values.runs ?? "3", 99);
  process.stderr.write(`Making ${nodes} nodes with their pods and blocks …\n`);
  const data = largePages(nodes);
  process.stderr.write(`Measuring ${megabytes(data.bytes)} of JSON …\n`);
  const measurements = inventoryCase(data, runs);
  const report = {
    at: new Date().toISOString(),
    node: process.version,
    cpus: cpus().length,
    objects: data.objects,
    jsonBytes: data.bytes,
    runs,
    measurements: measurements.map((one) => ({
      ...one,
      ratio: one.against === null ? null : one.value / one.against,
    })),
  };
  const folder = join(import.meta.dirname, "..", "..", ".poolboard");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "bench.json"), `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(goPrettyTable(tableOf(measurements), [1, 2, 3]));
});

function tableOf(measurements: readonly Measurement[]) {
  return {
    header: ["CASE", "POOLBOARD", "JSON.PARSE", "RATIO"],
    rows: measurements.map(({ name, value, against, unit }) => [
      name,
      shown(value, unit),
      against === null ? "" : shown(against, unit),
      against === null ? "" : `${(value / against).toFixed(2)}×`,
    ]),
  };
}

function shown(value: number, unit: Measurement["unit"]): string {
  if (unit === "bytes") return megabytes(value);
  return value < 10 ? `${value.toFixed(3)} ms` : `${Math.round(value)} ms`;
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
