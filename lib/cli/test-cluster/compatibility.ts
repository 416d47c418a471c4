import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Report } from "./report.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = join(root, "e2e", "cluster", "results");
const readme = join(root, "README.md");
const begin = "<!-- compatibility: written by npm run test:cluster with --record -->";
const end = "<!-- compatibility ends -->";

/** What one run saw, as it is kept: one file a kind of cluster, the newest run wins. */
export const Result = z.object({
  cluster: z.string(),
  checkedOn: z.string(),
  seconds: z.number(),
  facts: z.record(z.string(), z.string()),
  claims: z.array(
    z.object({
      claim: z.string(),
      outcome: z.enum(["held", "failed", "not checked"]),
      why: z.string().optional(),
    }),
  ),
});
export type Result = z.infer<typeof Result>;

/** In the order of the table's columns; the words are its heads. */
const clusters = [
  { id: "crd-v1", head: "`crd.projectcalico.org/v1`" },
  { id: "crd-v1-next", head: "the same, schema of v3.33" },
  { id: "native-v3", head: "`projectcalico.org/v3` as CRDs" },
  { id: "aggregated-v3", head: "`projectcalico.org/v3` by Calico's API server" },
] as const;

/** Facts in the order of the table's rows; others are kept in the files only. */
const rows = [
  "Kubernetes",
  "Calico",
  "Nodes",
  "Detected by",
  "Bad pools are refused by",
  "A pool's state is",
  "Deleting a pool",
  "Cooldown of released addresses",
  "Layout of ipam show",
  "Unknown in the answers",
] as const;

/** Keeps the result of a run and writes the README's table anew. */
export async function recordResult(seen: Report & { readonly seconds: number }): Promise<void> {
  const result: Result = {
    cluster: clusterOf(seen.facts),
    checkedOn: new Date().toISOString().slice(0, 10),
    seconds: seen.seconds,
    facts: Object.fromEntries(Object.entries(seen.facts).sort(([a], [b]) => (a < b ? -1 : 1))),
    claims: seen.claims.map((claim) => ({ ...claim })),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${result.cluster}.json`), `${JSON.stringify(result, null, 2)}\n`);
  const text = await readFile(readme, "utf8");
  await writeFile(readme, withTable(text, compatibilityTable(await readResults())));
}

/** The v1 group comes with two schemas. */
function clusterOf(facts: Readonly<Record<string, string>>): string {
  const mode = facts["API mode"] ?? "unknown";
  return mode === "crd-v1" && facts["Schema rules"] !== "of v3.32" ? "crd-v1-next" : mode;
}

export async function readResults(): Promise<readonly Result[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (name) => Result.parse(JSON.parse(await readFile(join(folder, name), "utf8")))),
  );
}

/** Facts by kind of cluster, and below it what could not be checked where. */
export function compatibilityTable(results: readonly Result[]): string {
  const of = (id: string) => results.find(({ cluster }) => cluster === id);
  const table = [
    ["", ...clusters.map(({ head }) => head)],
    ["Claims checked", ...clusters.map(({ id }) => checked(of(id)))],
    ...rows.map((row) => [row, ...clusters.map(({ id }) => of(id)?.facts[row] ?? "–")]),
  ].map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")));
  return `${alignedTable(table)}\n\n${notChecked(results)}`;
}

function checked(result: Result | undefined): string {
  if (!result) return "none on a real one: only against Calico's description of it";
  const held = result.claims.filter(({ outcome }) => outcome === "held").length;
  const failed = result.claims.filter(({ outcome }) => outcome === "failed").length;
  return `${held} held${failed > 0 ? `, **${failed} failed**` : ""} on ${result.checkedOn}`;
}

function notChecked(results: readonly Result[]): string {
  const lines = new Map<string, string[]>();
  for (const { id, head } of clusters) {
    const claims = results.find(({ cluster }) => cluster === id)?.claims ?? [];
    for (const { outcome, why = "" } of claims) {
      if (outcome !== "not checked") continue;
      const heads = lines.get(why) ?? [];
      lines.set(why, [...new Set([...heads, head])]);
    }
  }
  if (lines.size === 0) return "Every claim could be checked.\n";
  const items = [...lines].map(([why, heads]) => `- ${heads.join(", ")}: ${why}.`);
  return ["What could not be checked, and why:", "", ...items, ""].join("\n");
}

/** As prettier writes it. */
function alignedTable(table: readonly (readonly string[])[]): string {
  const [header = [], ...body] = table;
  const widths = header.map((_, at) => Math.max(3, ...table.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [
    line(header),
    `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`,
    ...body.map(line),
  ].join("\n");
}

/** The text with the table between its marks; throws when they are not there. */
export function withTable(text: string, table: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${table}\n${text.slice(to)}`;
}
