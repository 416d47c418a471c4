import { tokens } from "../../../components/theme/tokens.ts";
import type { Measurement } from "./measure.ts";
import { figureCells } from "./report.ts";

/** What `--json` has written, as far as the README tells it. What could not be measured is null there. */
export interface StoredReport {
  readonly at: string;
  readonly machine: {
    readonly node: string;
    readonly cpus: number;
    readonly cpu: string | null;
  };
  readonly cluster: {
    readonly embedded: boolean;
    readonly nodes: number | null;
    readonly pods: number | null;
    readonly blocks: number | null;
  } | null;
  readonly runs: number;
  readonly cases: readonly {
    readonly name: string;
    readonly summary: string;
    readonly error: string | null;
    readonly measurements: readonly StoredFigure[];
  }[];
}
type StoredFigure = Omit<Measurement, "value"> & {
  readonly value: number | null;
  readonly ratio: number | null;
  readonly verdict: "met" | "missed" | "failed" | null;
};

const width = 920;
const left = 400;
const right = 90;
const rowHeight = 26;
const top = 58;
const bottom = 40;
const longestLabel = 58;

/**
 * How many times less than its peer each figure is, on a logarithmic scale, with a mark where its target is. Brings its own
 * ground and follows the reader's light or dark, so that it can be read wherever the README is shown.
 */
export function chartSvg(report: StoredReport): string {
  const bars = report.cases.flatMap(({ measurements }) => measurements.flatMap(barOf));
  const most = Math.max(
    1,
    ...bars.map(({ times, target }) => Math.ceil(Math.log10(Math.max(times, target)))),
  );
  const x = (times: number) => left + (Math.log10(Math.max(1, times)) / most) * (width - left - right);
  const height = top + bars.length * rowHeight + bottom;
  const ticks = Array.from({ length: most + 1 }, (_, power) => 10 ** power);
  const grid = ticks.map((times) => {
    const at = Math.round(x(times));
    return `<line class="grid" x1="${at}" y1="${top}" x2="${at}" y2="${height - bottom}"/><text class="tick" x="${at}" y="${height - bottom + 18}" text-anchor="middle">${counted(times)}×</text>`;
  });
  const rows = bars.map(({ label, times, target, met }, index) => {
    const y = top + index * rowHeight;
    const end = Math.round(x(times));
    const mark = Math.round(x(target));
    return [
      `<text class="label" x="${left - 12}" y="${y + 17}" text-anchor="end">${escaped(label)}</text>`,
      `<rect class="${met ? "met" : "missed"}" x="${left}" y="${y + 5}" width="${Math.max(1, end - left)}" height="16" rx="2"/>`,
      `<line class="target" x1="${mark}" y1="${y + 2}" x2="${mark}" y2="${y + 24}"/>`,
      `<text class="value" x="${Math.max(end, mark) + 8}" y="${y + 17}">${counted(times)}×</text>`,
    ].join("");
  });
  const told = bars.map(
    ({ label, times, target, met }) =>
      `${label}: ${counted(times)} times less, target ${counted(target)} times, ${met ? "met" : "missed"}.`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">Poolboard beside its peers: how many times less each figure is</title>
<desc id="desc">${escaped(told.join(" "))}</desc>
<style>
text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
${styles(0)}
@media (prefers-color-scheme: dark) {
${styles(1)}
}
</style>
<rect class="ground" width="${width}" height="${height}" rx="6"/>
<text class="heading" x="20" y="26">How many times less than the peer, on the same data in the same run</text>
<text class="tick" x="20" y="45">Longer is better; the upright mark is the target.</text>
${[...grid, ...rows].join("\n")}
</svg>
`;
}

/** The table of the README, as Markdown that is still to be formatted. */
export function reportMarkdown(report: StoredReport): string {
  const { machine, cluster, runs, at } = report;
  const size = cluster
    ? `${cluster.embedded ? "the embedded cluster" : "a real API server"}, ${counted(cluster.nodes ?? 0)} nodes, ${counted(cluster.pods ?? 0)} pods, ${counted(cluster.blocks ?? 0)} blocks`
    : "generated data";
  const rows = report.cases.flatMap(({ name, measurements, error }) => [
    ...measurements
      .filter(({ target }) => target !== undefined)
      .map((figure) => {
        const [value, peer, ratio, target] = figureCells({ ...figure, value: figure.value ?? Number.NaN });
        return [name, figure.name, value, peer, ratio, target, figure.verdict ?? ""];
      }),
    ...(error === null ? [] : [[name, error, "", "", "", "", "failed"]]),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.map(cellText).join(" | ")} |`;
  return [
    `Measured on ${at.slice(0, 10)}: ${size}; ${machine.cpus} processors, Node ${machine.node}; medians of ${runs} interleaved runs.`,
    "",
    line(["Case", "Figure", "Poolboard", "Peer", "Ratio", "Target", ""]),
    line(["---", "---", "--:", "--:", "--:", "--:", "---"]),
    ...rows.map(line),
    "",
  ].join("\n");
}

/** Only what is a fraction of something else: the rest stands in the table. */
function barOf({ name, peer, ratio, target, verdict }: StoredFigure) {
  if (target?.ratio === undefined || target.ratio >= 1 || ratio === null || ratio <= 0) return [];
  const text = peer === undefined ? name : `${name} · ${peer}`;
  const label = text.length > longestLabel ? `${text.slice(0, longestLabel - 1)}…` : text;
  return [{ label, times: 1 / ratio, target: 1 / target.ratio, met: verdict === "met" }];
}

function styles(theme: 0 | 1): string {
  const rules: Readonly<Record<string, string>> = {
    ".ground": `fill: ${tokens.raised[theme]}; stroke: ${tokens.line[theme]}`,
    ".grid": `stroke: ${tokens.line[theme]}`,
    ".heading": `fill: ${tokens.text[theme]}; font-weight: 600`,
    ".label, .value": `fill: ${tokens.text[theme]}`,
    ".tick": `fill: ${tokens.text2[theme]}`,
    ".met": `fill: ${tokens.accent[theme]}`,
    ".missed": `fill: ${tokens.warnfill[theme]}`,
    ".target": `stroke: ${tokens.text[theme]}; stroke-width: 2`,
  };
  return Object.entries(rules)
    .map(([selector, rule]) => `${selector} { ${rule}; }`)
    .join("\n");
}

function counted(count: number): string {
  return count < 10 ? String(Math.round(count * 10) / 10) : Math.round(count).toLocaleString("en-US");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cellText(text: string): string {
  return text.replaceAll("|", "\\|");
}
