import { Inventory } from "../../inventory/inventory.ts";
import type { BenchCase } from "./case.ts";
import { type BlockPlan, blockPages, blockText } from "./block-pages.ts";
import { heapBytes, median, type Measurement } from "./measure.ts";

/** Blocks whose parsed objects are kept to see what they take; all of them would be half a gigabyte. */
const keptBlocks = 1_000;
const events = 200;

export const storeCase: BenchCase = {
  name: "store",
  summary: "what is kept of an address, and one event of a block, beside the parsed objects and JSON.parse",
  async run({ short, runs, tell }) {
    const share = short ? 10 : 1;
    const full: BlockPlan = { blocks: 20_000 / share, used: 55, nodes: 5_000 / share };
    const large: BlockPlan = { blocks: 7_800 / share, used: 20, nodes: 5_000 / share };
    // Code that has not run often enough to be compiled is part of neither figure.
    await filled({ blocks: 1_500, used: 20, nodes: 500 });
    return [
      ...(await measure("blocks of 55", full, runs, tell)),
      ...(await measure("blocks of 20", large, runs, tell)),
    ];
  },
};

async function measure(
  what: string,
  plan: BlockPlan,
  runs: number,
  tell: (line: string) => void,
): Promise<Measurement[]> {
  const addresses = plan.blocks * plan.used;
  tell(`${addresses.toLocaleString("en-US")} addresses in ${what}`);
  const { inventory, bytes, longestStep } = await filled(plan);
  let ofHandles = 0;
  for (const { content } of inventory.space.blocks) ofHandles += content.weight.handles;
  const parsed = parsedBytes(plan);
  const event = measureEvents(inventory, plan, runs);
  return [
    {
      name: `${what}: bytes an address, without its handle`,
      value: (bytes - ofHandles) / addresses,
      against: parsed,
      peer: "parsed",
      unit: "count",
      target: { value: 64 },
    },
    {
      name: `${what}: bytes an address, with its handle`,
      value: bytes / addresses,
      against: parsed,
      peer: "parsed",
      unit: "count",
    },
    {
      name: `${what}: longest step of 250`,
      value: longestStep,
      against: null,
      unit: "ms",
      target: { value: 50 },
    },
    { name: `${what}: one event`, ...event, peer: "JSON.parse", unit: "ms", target: { ratio: 3 } },
  ];
}

async function filled(
  plan: BlockPlan,
): Promise<{ inventory: Inventory; bytes: number; longestStep: number }> {
  const inventory = new Inventory(null);
  const pool = { cidr: "10.0.0.0/8", blockSize: 26 };
  put(inventory, "pools", { metadata: { name: "all", uid: "all", resourceVersion: "1" }, spec: pool });
  await toldOf();
  const before = heapBytes();
  const longestStep = fill(inventory, plan);
  await toldOf();
  return { inventory, bytes: heapBytes() - before, longestStep };
}

/** What changed is told after a quarter of a second, and not kept for that any longer. */
function toldOf(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300));
}

/** Returns the longest that one page took, in time on a core. */
function fill(inventory: Inventory, plan: BlockPlan): number {
  let longest = 0;
  for (const page of blockPages(plan)) {
    const start = process.threadCpuUsage();
    for (const raw of (JSON.parse(page) as { items: readonly unknown[] }).items)
      put(inventory, "blocks", raw);
    const { user, system } = process.threadCpuUsage(start);
    longest = Math.max(longest, (user + system) / 1_000);
  }
  return longest;
}

function put(inventory: Inventory, kind: "pools" | "blocks", raw: unknown): void {
  const row = inventory.project(kind, raw);
  if (!row) throw new Error("an object of the bench is of no interest to the inventory");
  inventory.put(kind, row);
}

/** What parsed objects hold, an address. */
function parsedBytes(plan: BlockPlan): number {
  const blocks = Math.min(keptBlocks, plan.blocks);
  const before = heapBytes();
  const kept = [...blockPages({ ...plan, blocks })].map((page) => JSON.parse(page) as unknown);
  const bytes = heapBytes() - before;
  // Alive until here.
  return kept.length > 0 ? bytes / (blocks * plan.used) : Number.NaN;
}

/** An event in which one address passes to another pod: text to inventory, beside text to objects. */
function measureEvents(
  inventory: Inventory,
  plan: BlockPlan,
  runs: number,
): { value: number; against: number } {
  const parse: number[] = [];
  const take: number[] = [];
  for (let run = 0; run < runs; run++) {
    for (let event = 0; event < events; event++) {
      const text = Buffer.from(blockText(plan, (event * 37) % plan.blocks, 1 + run));
      parse.push(timed(() => void JSON.parse(text.toString())));
      take.push(timed(() => put(inventory, "blocks", JSON.parse(text.toString()))));
    }
  }
  return { value: median(take), against: median(parse) };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
