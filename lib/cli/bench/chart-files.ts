import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { UsageError } from "../args.ts";
import { chartSvg, reportMarkdown, type StoredReport } from "./chart.ts";

const readme = join(import.meta.dirname, "..", "..", "..", "README.md");
const between = /(<!-- bench: written by npm run bench with --chart -->\n)[\s\S]*?(<!-- bench ends -->)/;

/**
 * Draws a results file as an SVG beside it, and writes its figures into the README. Answers where the picture is.
 * @throws UsageError for a file that holds no results
 */
export async function writeChart(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UsageError(`${file} cannot be read; name what --json has written`);
  });
  const report = readReport(text);
  if (report === null)
    throw new UsageError(`${file} holds no results of this bench; name what --json has written`);
  const root = dirname(readme);
  const picture = file.replace(/(\.json)?$/, ".svg");
  await writeFile(picture, chartSvg(report));
  const page = await readFile(readme, "utf8");
  if (!between.test(page))
    throw new Error("the README has lost the two marks between which the figures stand");
  const shown = `![How many times less than its peer each figure is; the table below says the same](${relative(root, picture)})`;
  const written = page.replace(
    between,
    (_, begin: string, end: string) => `${begin}\n${shown}\n\n${reportMarkdown(report)}\n${end}`,
  );
  // Loaded only here: nothing else of the bench needs it.
  const { format, resolveConfig } = await import("prettier");
  const options = await resolveConfig(readme);
  await writeFile(readme, await format(written, { ...options, parser: "markdown" }));
  return picture;
}

function readReport(text: string): StoredReport | null {
  try {
    const report = JSON.parse(text) as StoredReport;
    return Array.isArray(report.cases) && report.machine.cpus > 0 ? report : null;
  } catch {
    return null;
  }
}
