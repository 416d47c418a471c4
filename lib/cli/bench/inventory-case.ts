import { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import type { Row } from "../../inventory/table.ts";
import type { BenchCase } from "./case.ts";
import { type LargeData, largePages, type Page } from "./large-pages.ts";
import { heapBytes, median, type Measurement } from "./measure.ts";

/** How often an event is taken in to time one. */
const rounds = 3;

export const inventoryCase: BenchCase = {
  name: "inventory",
  summary: "raw objects to inventory, beside plain JSON.parse",
  async run({ nodes, runs, tell }) {
    tell(`making ${nodes} nodes with their pods and blocks`);
    const pages = largePages(nodes);
    tell("raw objects to inventory");
    return measureInventory(pages, runs);
  },
};

/**
 * Raw objects to inventory: time and memory of the whole list, and of one pod and one block event, each beside plain
 * `JSON.parse` of the same bytes. Runs of both are interleaved.
 */
function measureInventory(data: LargeData, runs: number): Measurement[] {
  const parse: number[] = [];
  const fill: number[] = [];
  const stalls: number[] = [];
  const retained: number[] = [];
  let last = new Inventory(null);
  for (let run = 0; run < runs; run++) {
    parse.push(timed(() => data.pages.forEach((page) => void parsed(page))));
    last = new Inventory(null);
    const before = heapBytes();
    const filled = filledFrom(data.pages, last);
    fill.push(filled.milliseconds);
    stalls.push(filled.longestMilliseconds);
    retained.push(heapBytes() - before);
  }
  const kept = keptParsed(data.pages);
  return [
    { name: "list → inventory, time", value: median(fill), against: median(parse), unit: "ms" },
    { name: "list → inventory, memory kept", value: median(retained), against: kept, unit: "bytes" },
    { name: "longest step of it", value: median(stalls), against: null, unit: "ms" },
    ...eventCase(last, "pods", data.podEvents),
    ...eventCase(last, "blocks", data.blockEvents),
  ];
}

function filledFrom(
  pages: readonly Page[],
  inventory: Inventory,
): { milliseconds: number; longestMilliseconds: number } {
  const rows = new Map<Kind, Row[]>();
  let longest = 0;
  const step = (work: () => void) => {
    const took = timed(work);
    longest = Math.max(longest, took);
    return took;
  };
  // As the feeds do it: rows are stored page by page, the whole list is handed over once more at its end.
  let total = 0;
  for (const page of pages) {
    total += step(() => {
      const kept = rows.get(page.kind) ?? [];
      rows.set(page.kind, kept);
      for (const item of parsed(page)) {
        const row = inventory.project(page.kind, item);
        if (!row) continue;
        kept.push(row);
        inventory.put(page.kind, row);
      }
    });
  }
  for (const [kind, kept] of rows) total += step(() => inventory.replace(kind, kept));
  return { milliseconds: total, longestMilliseconds: longest };
}

/** What the parsed objects themselves would hold. Pods alone are several hundred megabytes, so one run must do. */
function keptParsed(pages: readonly Page[]): number {
  const before = heapBytes();
  const kept = pages.map(parsed);
  const bytes = heapBytes() - before;
  // Alive until here.
  return kept.length === pages.length ? bytes : Number.NaN;
}

function eventCase(inventory: Inventory, kind: Kind, events: readonly Buffer[]): Measurement[] {
  const parse: number[] = [];
  const take: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const bytes of events) {
      parse.push(timed(() => void JSON.parse(bytes.toString())));
      take.push(
        timed(() => {
          const row = inventory.project(kind, JSON.parse(bytes.toString()));
          if (row) inventory.put(kind, row);
        }),
      );
    }
  }
  return [{ name: `one event of ${kind}`, value: median(take), against: median(parse), unit: "ms" }];
}

function parsed({ bytes }: Page): readonly unknown[] {
  return (JSON.parse(bytes.toString()) as { items: readonly unknown[] }).items;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
