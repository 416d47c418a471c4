import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { goPrettyTable } from "../format/text-table.ts";
import { runCommand, UsageError } from "./args.ts";
import { inventoryCase } from "./bench/inventory-case.ts";
import { largePages } from "./bench/large-pages.ts";
import { mapCase } from "./bench/map-case.ts";
import type { Measurement } from "./bench/measure.ts";

const command = {
  name: "npm run bench",
  summary:
    "Times Poolboard, as ratios to a peer on the same data, prints a table and writes .poolboard/bench.json: the inventory of a large cluster generated in memory beside plain JSON.parse, and the pool map in a real Chromium beside an SVG and a DOM grid.",
  flags: {
    nodes: { value: "N", help: "nodes of the cluster; thirty pods and 1.56 blocks each (5000)" },
    only: { value: "CASE", help: "inventory or map; both when left out" },
    runs: { value: "N", help: "runs of each case, interleaved; the median counts (3)" },
  },
} as const;

await runCommand(command, process.argv.slice(2), async (values) => {
  const nodes = count("nodes", values.nodes ?? "5000", 100_000);
  const runs = count("runs", values.runs ?? "3", 99);
  const { only } = values;
  if (only !== undefined && only !== "inventory" && only !== "map") {
    throw new UsageError(`--only ${only} is neither inventory nor map; leave it out for both`);
  }
  const measurements: Measurement[] = [];
  let data: { objects: Readonly<Record<string, number>>; jsonBytes: number } | null = null;
  if (only !== "map") {
    process.stderr.write(`Making ${nodes} nodes with their pods and blocks …\n`);
    const pages = largePages(nodes);
    data = { objects: pages.objects, jsonBytes: pages.bytes };
    process.stderr.write(`Measuring ${megabytes(pages.bytes)} of JSON …\n`);
    measurements.push(...inventoryCase(pages, runs));
  }
  if (only !== "inventory") {
    process.stderr.write("Measuring the pool map in Chromium …\n");
    measurements.push(...(await mapCase(runs)));
  }
  const report = {
    at: new Date().toISOString(),
    node: process.version,
    cpus: cpus().length,
    ...data,
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
    header: ["CASE", "POOLBOARD", "PEER", "RATIO"],
    rows: measurements.map(({ name, value, against, unit }) => [
      name,
      shown(value, unit),
      against === null ? "" : shown(against, unit),
      against === null ? "" : ratioText(value / against),
    ]),
  };
}

function shown(value: number, unit: Measurement["unit"]): string {
  if (unit === "bytes") return megabytes(value);
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
