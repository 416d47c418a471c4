import type { Address } from "../../contract/addresses.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { inventoryOf } from "../../inventory/testing.ts";
import { listAddresses } from "../../server/read/addresses.ts";
import type { BenchCase } from "./case.ts";
import { type BlockPlan, blockPages, blockText } from "./block-pages.ts";
import type { Measurement } from "./measure.ts";

const used = 20;
/** Each is asked after a block has changed, so that no answer is one that was there. */
const rounds = 20;
/** The slowest of twenty, but one. */
const p95 = 18;
const mostMs = 50;

interface Question {
  readonly name: string;
  readonly query: { readonly q?: string; readonly namespace?: string; readonly sort?: string };
  /** The same on rows as a browser would hold them all. */
  plainly(rows: readonly Address[]): readonly Address[];
}

const questions: readonly Question[] = [
  {
    name: "filter by namespace",
    query: { namespace: "team-007" },
    plainly: (rows) => rows.filter(({ owner }) => owner?.namespace === "team-007"),
  },
  {
    name: "filter by text",
    query: { q: "app-00" },
    plainly: (rows) =>
      rows.filter((row) =>
        [row.ip, row.pool, row.node, row.owner?.namespace, row.owner?.name].some((text) =>
          text?.includes("app-00"),
        ),
      ),
  },
  {
    name: "sort by owner",
    query: { sort: "owner" },
    plainly: (rows) => {
      const key = ({ owner }: Address) => (owner ? `${owner.namespace ?? ""}/${owner.name}` : "\uffff");
      return rows.toSorted((one, other) => compare(key(one), key(other)));
    },
  },
  {
    name: "sort by since",
    query: { sort: "since" },
    plainly: (rows) => rows.toSorted((one, other) => compare(one.since ?? "\uffff", other.since ?? "\uffff")),
  },
];

export const addressesCase: BenchCase = {
  name: "addresses",
  summary:
    "a page of the table of addresses after a change, beside filter and sort over rows that are all there",
  async run({ nodes, tell }) {
    const plan = { blocks: Math.round(nodes * 1.56), used, nodes };
    tell(`${(plan.blocks * used).toLocaleString("en-US")} addresses in a table`);
    const inventory = filled(plan);
    const rows = await everyRow(inventory);
    let longestHold = 0;
    const found: Measurement[] = [];
    for (const question of questions) {
      await listAddresses(inventory, question.query);
      const ours: number[] = [];
      const plain: number[] = [];
      for (let round = 0; round < rounds; round++) {
        put(inventory, JSON.parse(blockText(plan, round * 3, 1 + round)));
        const asked = await watched(() => listAddresses(inventory, question.query));
        ours.push(asked.tookMs);
        longestHold = Math.max(longestHold, asked.longestMs);
        if (round % 4 === 0) plain.push(timed(() => void question.plainly(rows)));
      }
      const [slow, slowPlain] = [sorted(ours)[p95], sorted(plain).at(-2)];
      found.push({
        name: `addresses: ${question.name}, p95`,
        value: slow ?? Number.NaN,
        against: slowPlain ?? Number.NaN,
        peer: "over objects",
        unit: "ms",
        target: { value: mostMs },
      });
    }
    return [
      ...found,
      {
        name: "addresses: longest hold of the loop",
        value: longestHold,
        against: null,
        unit: "ms",
        target: { value: mostMs },
      },
    ];
  },
};

function filled(plan: BlockPlan): Inventory {
  const pool = {
    metadata: { name: "all", uid: "all", resourceVersion: "1" },
    spec: { cidr: "10.0.0.0/8", blockSize: 26 },
  };
  const inventory = inventoryOf({ pools: [pool] });
  for (const page of blockPages(plan)) {
    for (const raw of (JSON.parse(page) as { items: readonly unknown[] }).items) put(inventory, raw);
  }
  return inventory;
}

function put(inventory: Inventory, raw: unknown): void {
  const row = inventory.project("blocks", raw);
  if (row) inventory.put("blocks", row);
}

async function everyRow(inventory: Inventory): Promise<Address[]> {
  const rows: Address[] = [];
  for (let offset: number | undefined = 0; offset !== undefined;) {
    const { items, next }: { items: readonly Address[] | null; next?: number | undefined } =
      await listAddresses(inventory, { limit: 500, offset });
    rows.push(...(items ?? []));
    offset = next;
  }
  return rows;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}

/** How long the work took, and the longest that it kept this thread from everything else, in its own time on a core. */
async function watched(work: () => Promise<unknown>): Promise<{ tookMs: number; longestMs: number }> {
  const start = performance.now();
  let isDone = false;
  let longestMs = 0;
  let before = coreMs();
  const see = () => {
    const now = coreMs();
    longestMs = Math.max(longestMs, now - before);
    before = now;
    if (!isDone) setImmediate(see);
  };
  setImmediate(see);
  await work();
  const tookMs = performance.now() - start;
  isDone = true;
  see();
  return { tookMs, longestMs };
}

function coreMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
