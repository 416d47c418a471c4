import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { CoreV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { request } from "undici";
import type { ApiMode } from "../../calico/dialect.ts";
import { text } from "../../calico/reading.ts";
import { Feeds, feedsOf } from "../../inventory/feeds.ts";
import { Inventory } from "../../inventory/inventory.ts";
import { openCluster } from "../../kube/connection.ts";

/** A program: reads a whole cluster in one way, and prints what that took, as JSON. Its first argument says how. */

export interface SyncTask {
  /**
   * `typed`: client-node, its objects kept; `drain`: the bytes, and nothing done with them; `parse`: `JSON.parse` of them, and
   * nothing kept; `idle`: nothing at all.
   */
  readonly as: "poolboard" | "typed" | "drain" | "parse" | "idle";
  readonly kubeconfig: string;
  readonly url: string;
  readonly mode: ApiMode;
  /** For `drain` and `parse`: one list of pages a kind, read one after the other. */
  readonly lists: readonly (readonly string[])[];
  readonly accept: string;
}

export interface SyncCost {
  readonly ms: number;
  readonly peakRssBytes: number;
  readonly longestStallMs: number;
  /** What is known at the end, so that nobody is fast by leaving something out. */
  readonly objects: number;
}

const RESOLUTION_MS = 5;

async function poolboard({ kubeconfig, mode }: SyncTask): Promise<number> {
  const connection = await openCluster({ kubeconfig });
  const inventory = new Inventory(connection);
  const feeds = new Feeds(inventory, connection, () => {});
  await feeds.read(mode);
  while (inventory.states.unsettled) await pause(5);
  held.push(inventory);
  return inventory.pods.table.size + inventory.space.blocks.size + inventory.nodes.table.size;
}

interface TypedPage {
  readonly items: readonly unknown[];
  /** The typed lists have it as `_continue`. */
  readonly metadata?: object;
}

async function typed({ kubeconfig, mode }: SyncTask): Promise<number> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  // It takes plain http, which the replay speaks, for an oversight else.
  config.clusters = config.clusters.map((cluster) => ({ ...cluster, skipTLSVerify: true }));
  const core = config.makeApiClient(CoreV1Api);
  const custom = config.makeApiClient(CustomObjectsApi);
  const all = async (page: (token: string | undefined) => Promise<TypedPage>): Promise<number> => {
    let token: string | null = null;
    let count = 0;
    do {
      const { items, metadata = {} } = await page(token ?? undefined);
      for (const item of items) held.push(item);
      count += items.length;
      token =
        ["_continue", "continue"].map((name) => text(Reflect.get(metadata, name))).find((one) => one) ?? null;
    } while (token);
    return count;
  };
  const limit = 500;
  const blocks = feedsOf(mode).find(([kind]) => kind === "blocks")?.[1];
  const counts = await Promise.all([
    all((_continue) => core.listPodForAllNamespaces({ limit, _continue })),
    all((_continue) => core.listNode({ limit, _continue })),
    all((_continue) => core.listNamespace({ limit, _continue })).then(() => 0),
    blocks
      ? all(async (_continue) => {
          const { group, version, plural } = blocks.resource;
          const page: unknown = await custom.listClusterCustomObject({
            group,
            version,
            plural,
            limit: blocks.pageSize,
            _continue,
          });
          return page as TypedPage;
        })
      : 0,
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function drain(task: SyncTask): Promise<number> {
  await readPages(task, async (body) => {
    for await (const _ of body);
  });
  return 0;
}

async function parse(task: SyncTask): Promise<number> {
  await readPages(task, async (body) => void JSON.parse(await body.text()));
  return 0;
}

type Body = Awaited<ReturnType<typeof request>>["body"];

async function readPages({ url, lists, accept }: SyncTask, use: (body: Body) => Promise<void>) {
  await Promise.all(
    lists.map(async (pages) => {
      for (const page of pages) await use((await request(url + page, { headers: { accept } })).body);
    }),
  );
}

const ways: Readonly<Record<SyncTask["as"], (task: SyncTask) => Promise<number>>> = {
  poolboard,
  typed,
  drain,
  parse,
  idle: async () => {
    await pause(1_000);
    return 0;
  },
};

/** Alive until the end is measured. */
const held: unknown[] = [];
const task = JSON.parse(process.argv[2] ?? "") as SyncTask;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
const start = performance.now();
const objects = await ways[task.as](task);
const ms = performance.now() - start;
await pause(50);
const cost: SyncCost = {
  ms,
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
  longestStallMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
  objects,
};
process.stdout.write(`${JSON.stringify(cost)}\n`, () => process.exit(held.length < 0 ? 1 : 0));
