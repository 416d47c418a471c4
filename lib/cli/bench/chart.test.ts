import { expect, test } from "vitest";
import { chartSvg, reportMarkdown, type StoredReport } from "./chart.ts";

const figure = (
  name: string,
  value: number | null,
  against: number | null,
  verdict: "met" | "missed" | null,
) => ({
  name,
  value,
  against,
  unit: "ms" as const,
  ratio: value !== null && against !== null ? value / against : null,
  verdict,
  ...(verdict === null ? {} : { target: { ratio: 1 / 20 } }),
});

const report: StoredReport = {
  at: "2026-11-30T08:00:00.000Z",
  machine: { node: "v24.0.0", cpus: 2, cpu: null },
  cluster: { embedded: false, nodes: 5_000, pods: 150_000, blocks: 7_800 },
  runs: 3,
  cases: [
    {
      name: "sync",
      summary: "…",
      error: null,
      measurements: [
        figure("cold <cache>", 10, 1_000, "met"),
        figure("stall", 10, 100, "missed"),
        figure("explains another", 1, 2, null),
        figure("not measured", null, 5, "met"),
      ],
    },
    { name: "map", summary: "…", error: "no Chromium | here", measurements: [] },
  ],
};

test("each fraction is a bar with its target, told in words as well", () => {
  const svg = chartSvg(report);
  expect(svg).toContain("cold &lt;cache&gt;: 100 times less, target 20 times, met. stall: 10 times less");
  expect(svg.match(/<rect class="met"/g)).toHaveLength(1);
  expect(svg.match(/<rect class="missed"/g)).toHaveLength(1);
  const widths = [...svg.matchAll(/<rect class="(?:met|missed)"[^>]* width="(\d+)"/g)].map(([, text]) =>
    Number(text),
  );
  // On a logarithmic scale a hundred times is twice as long as ten times.
  expect(widths[0]).toBe((widths[1] ?? 0) * 2);
  expect(svg).toContain("prefers-color-scheme: dark");
});

test("the table has every figure with a target, met or not, and what went wrong", () => {
  const text = reportMarkdown(report);
  expect(text).toContain("a real API server, 5,000 nodes, 150,000 pods, 7,800 blocks; 2 processors");
  expect(text).toContain("| sync | cold <cache> | 10 ms | 1000 ms | 1/100 | ≤ 1/20 | met |");
  expect(text).toContain("| not told |");
  expect(text).toContain("| map | no Chromium \\| here |");
  expect(text).not.toContain("explains another");
});
