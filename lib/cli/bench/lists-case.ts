import { monitorEventLoopDelay } from "node:perf_hooks";
import type { List } from "../../contract/common.ts";
import type { Pod } from "../../contract/pods.ts";
import { PodLists } from "../../inventory/pod-lists.ts";
import type { PodField } from "../../inventory/pod-order.ts";
import type { PodRow } from "../../inventory/pod-row.ts";
import { PodTable } from "../../inventory/pod-table.ts";
import { Table } from "../../inventory/table.ts";
import { parseAddress } from "../../ipam/address.ts";
import type { BenchCase, BenchContext } from "./case.ts";
import type { Product } from "./cluster-product.ts";
import { ClientTable } from "./lists-table.ts";
import { heapBytes, median, type Measurement } from "./measure.ts";

const pageRows = 500;
const windowRows = 100;
/** Questions of each sort over HTTP; each is another one, so that no answer is at hand. */
const questions = 20;
/** With fewer pods an HTTP request takes longer than anything that is done for it. */
const manyPods = 100_000;
/** The loop's delay is looked at this often, and this much of it is waiting to look. */
const lookMs = 1;

export const listsCase: BenchCase = {
  name: "lists",
  summary:
    "windows of all pods, filtered and sorted on the server, beside TanStack Table with the same rows in the browser",
  async run(context) {
    const product = await context.product();
    context.tell("reading every pod");
    const pods = await allPods(product);
    const table = new ClientTable(pods);
    context.tell(`${pods.length} pods: filter, sort and scroll`);
    return [...(await overHttp(product, pods, table, context)), ...(await inColumns(pods, table, context))];
  },
};

async function allPods(product: Product): Promise<Pod[]> {
  const pods: Pod[] = [];
  let offset: number | undefined = 0;
  while (offset !== undefined) {
    const page: List<Pod> = await product.get<List<Pod>>(`pods?limit=${pageRows}&offset=${offset}`);
    pods.push(...(page.items ?? []));
    offset = page.next;
  }
  return pods;
}

async function overHttp(
  product: Product,
  pods: readonly Pod[],
  table: ClientTable,
  { runs }: BenchContext,
): Promise<Measurement[]> {
  const isMany = pods.length >= manyPods;
  // Parts of names that are there, each asked for once.
  const texts = Array.from({ length: questions }, (_, at) => {
    const name = pods[Math.floor((at * pods.length) / questions)]?.name ?? "";
    return name.slice(0, 8 + (at % 4));
  });
  const offsets = texts.map((_, at) => Math.floor((at * (pods.length - windowRows)) / questions));
  const filter = await timesOf(texts, async (q) => windowTime(product, `q=${encodeURIComponent(q)}`));
  // Once made, as everybody's next question finds it: the first one is measured below.
  await windowTime(product, "sort=ip");
  const sort = await timesOf(offsets, async (_, at) =>
    windowTime(product, at % 2 === 0 ? "sort=-ip" : "sort=ip"),
  );
  const scroll = await timesOf(offsets, async (offset) => windowTime(product, `offset=${offset}`));
  const clientFilter = repeated(runs, (run) => table.filter(texts[run % questions] ?? ""));
  const clientSort = repeated(runs, (run) => table.sort("ip", run % 2 === 0));
  const against = (value: number[], other: number[], name: string, ratio?: number): Measurement[] => [
    {
      name,
      value: median(value),
      against: median(other),
      peer: "client table",
      unit: "ms",
      ...(ratio === undefined || !isMany ? {} : { target: { ratio } }),
    },
    { name: `${name}, p95`, value: p95(value), against: null, unit: "ms", target: { value: 50 } },
  ];
  return [
    ...against(filter, clientFilter, "filter by name over HTTP", 1 / 10),
    ...against(sort, clientSort, "sort by address over HTTP", 1 / 25),
    { name: "another window over HTTP", value: median(scroll), against: null, unit: "ms" },
    {
      name: "another window over HTTP, p95",
      value: p95(scroll),
      against: null,
      unit: "ms",
      target: { value: 50 },
    },
  ];
}

async function windowTime(product: Product, question: string): Promise<number> {
  return (await product.take(`pods?limit=${windowRows}&${question}`)).milliseconds;
}

/** What the server does for it: memory, orders made for the first time, and kept when a pod changes. */
async function inColumns(
  pods: readonly Pod[],
  client: ClientTable,
  { runs }: BenchContext,
): Promise<Measurement[]> {
  const rows = pods.map(podRowOf);
  const before = await settledBytes();
  // Texts of their own, as each parsed object has them.
  const objects = new Table<PodRow>();
  for (const row of structuredClone(rows)) objects.put(row);
  const between = await settledBytes();
  const table = new PodTable();
  for (const row of rows) table.put(row);
  const columnBytes = (await settledBytes()) - between;
  const rowBytes = (between - before) * (objects.size / rows.length);
  const first: Record<"ip" | "name", number[]> = { ip: [], name: [] };
  const again: Record<"ip" | "name", number[]> = { ip: [], name: [] };
  const clientFirst: Record<"ip" | "name", number[]> = { ip: [], name: [] };
  const clientAgain: Record<"ip" | "name", number[]> = { ip: [], name: [] };
  const delay = monitorEventLoopDelay({ resolution: lookMs });
  const stalls: number[] = [];
  for (let run = 0; run < runs; run++) {
    const lists = new PodLists(table);
    const ask = (field: PodField) => lists.ask({ field, filter: null }, null, (slots) => slots.length);
    await ask("namespace");
    for (const field of ["ip", "name"] as const) {
      delay.reset();
      delay.enable();
      first[field].push(await timed(() => ask(field)));
      delay.disable();
      stalls.push(Math.max(0, delay.max / 1e6 - lookMs));
      const row = rows[(run * 7_919) % rows.length];
      if (row) table.put({ ...row, ips: [run] });
      again[field].push(await timed(() => ask(field)));
      clientFirst[field].push(...repeated(1, () => client.sort(field, run % 2 === 0)));
      clientAgain[field].push(...repeated(1, () => client.changeOne((run * 7_919) % rows.length)));
    }
  }
  const row = (name: string, value: number[], other: number[]): Measurement => ({
    name,
    value: median(value),
    against: median(other),
    peer: "client table",
    unit: "ms",
  });
  return [
    row("first sort by address, in the server", first.ip, clientFirst.ip),
    row("first sort by name, in the server", first.name, clientFirst.name),
    row("order by address after one change", again.ip, clientAgain.ip),
    row("order by name after one change", again.name, clientAgain.name),
    // Starting the thread is in it, and whatever else the machine does.
    {
      name: "longest stall of the loop meanwhile",
      value: median(stalls),
      against: null,
      unit: "ms",
      target: { value: 10 },
    },
    {
      name: "memory of a pod",
      value: columnBytes / rows.length,
      against: rowBytes / rows.length,
      peer: "row objects",
      unit: "bytes",
      target: { value: 128 },
    },
  ];
}

/** Buffers are given back a moment after their owner was collected. */
async function settledBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    heapBytes();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return heapBytes();
}

function podRowOf(pod: Pod, at: number): PodRow {
  const { namespace, name, uid, node, phase, ips } = pod;
  return {
    namespace,
    name,
    uid,
    revision: String(1_000_000 + at),
    node,
    phase,
    hostNetwork: pod.state === "hostNetwork",
    finished: pod.state === "finished",
    evicted: false,
    ips: ips.filter((ip) => ip.includes(".")).map((ip) => Number(parseAddress(ip).value)),
    createdAt: Date.parse(pod.createdAt) / 1000,
    annotations: null,
    ipAddrs: null,
    gone: false,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function repeated(runs: number, work: (run: number) => unknown): number[] {
  return Array.from({ length: runs }, (_, run) => {
    const start = performance.now();
    work(run);
    return performance.now() - start;
  });
}

async function timesOf<Item>(
  items: readonly Item[],
  time: (item: Item, at: number) => Promise<number>,
): Promise<number[]> {
  const times: number[] = [];
  for (const [at, item] of items.entries()) times.push(await time(item, at));
  return times;
}

function p95(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? Number.NaN;
}
