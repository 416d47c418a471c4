import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goPrettyTable } from "../format/text-table.ts";
import { runCommand, UsageError } from "./args.ts";
import { type Check, conclusion, judge, latencySeries } from "./soak/report.ts";
import { soak } from "./soak/run.ts";

const command = {
  name: "npm run soak",
  summary:
    "Keeps Poolboard busy with changes, viewers and faults, on an embedded cluster, and looks whether anything grows, stalls or gets lost. Ends with a table of what was measured and what bounds it; the last line is the verdict, exit code 0 when nothing failed. Series are written to .poolboard/soak.json.",
  flags: {
    minutes: { value: "N", help: "how long (30)" },
    nodes: { value: "N", help: "nodes of the cluster, with thirty pods each (500)" },
    viewers: {
      value: "N",
      help: "open pages, some slow, some that come and go, some that do not read (100)",
    },
    churn: { value: "PODS,BLOCKS", help: "changes a second (500,500)" },
    seed: { value: "TEXT", help: "the same text makes the same changes and faults (a new one)" },
  },
} as const;

const words = { holds: "yes", fails: "NO", unjudged: "not judged", told: "" } as const;

await runCommand(command, process.argv.slice(2), async (values) => {
  const minutes = number("minutes", values.minutes ?? "30", 1, 10_000);
  const nodes = number("nodes", values.nodes ?? "500", 2, 20_000);
  const viewers = number("viewers", values.viewers ?? "100", 1, 900);
  const [pods, blocks] = ratesIn(values.churn ?? "500,500");
  const seed = values.seed ?? String(Math.floor(Math.random() * 1e9));
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  process.once("disconnect", () => stop.abort());
  process.channel?.unref();
  const tell = (line: string) => void process.stderr.write(`soak: ${line}\n`);
  tell(`seed ${seed}`);
  const rates = { pods, blocks };
  const result = await soak({ minutes, nodes, viewers, rates, seed, signal: stop.signal, tell });
  const checks = judge(result, { nodes, viewers, rates });
  const folder = join(import.meta.dirname, "..", "..", ".poolboard");
  await mkdir(folder, { recursive: true });
  const asked = { minutes, nodes, viewers, rates, seed };
  const latency = latencySeries(result);
  const report = { at: new Date().toISOString(), asked, checks, ...result, seen: latency };
  await writeFile(join(folder, "soak.json"), `${JSON.stringify(report)}\n`);
  process.stdout.write(tableOf(checks));
  process.stdout.write(`${conclusion(checks)}\n`);
  process.exit(checks.some(({ verdict }) => verdict === "fails") ? 1 : 0);
});

function tableOf(checks: readonly Check[]): string {
  const rows = checks.map(({ about, name, value, bound, verdict }, at) => [
    about === checks[at - 1]?.about ? "" : about,
    name,
    value,
    bound,
    words[verdict],
  ]);
  return goPrettyTable({ header: ["", "WHAT", "MEASURED", "BOUND", "HOLDS"], rows }, []);
}

function number(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UsageError(`--${flag} is a number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

function ratesIn(text: string): [number, number] {
  const [, pods, blocks] = /^(\d{1,5}),(\d{1,5})$/.exec(text) ?? [];
  if (pods === undefined || blocks === undefined)
    throw new UsageError(`--churn is two numbers of changes a second, as in 500,500, not "${text}"`);
  return [Number(pods), Number(blocks)];
}
