import type { InfiniteData, Query, QueryClient, QueryKey } from "@tanstack/react-query";
import type { Block } from "../contract/blocks.ts";
import type { List } from "../contract/common.ts";
import type { ChangeEvent, Totals } from "../contract/events.ts";
import type { Pool } from "../contract/pools.ts";
import { countQueries } from "./counts.ts";
import { paceOf } from "./pace.ts";
import { poolQueries } from "./pools.ts";
import { ProblemError } from "./problem-error.ts";

/** Puts the changed rows where they are shown and marks what has to be asked for again, which happens at the pace of `paceOf`. */
export function applyChange(client: QueryClient, change: ChangeEvent): void {
  const { pools, blocks, removed, touched, totals } = change;
  const pace = paceOf(client);
  const gone = new Set(removed.pools.filter((name) => !pools.some((pool) => pool.name === name)));
  const markOfPools = (what: string) =>
    pace.mark({ queryKey: ["pools", what], predicate: ({ queryKey }) => !gone.has(String(queryKey[2])) });
  if (pools.length > 0 || removed.pools.length > 0) {
    for (const pool of pools) {
      if (isRewritten(client, pool)) {
        pace.mark({ queryKey: ["pools", "yaml", pool.name] });
        pace.mark({ queryKey: ["pools", "events", pool.name] });
      }
    }
    putPools(client, pools, removed.pools);
    for (const name of gone) markGone(client, name);
    markOfPools("impact");
  }
  const hasBlocks = blocks.length > 0 || removed.blocks.length > 0;
  if (hasBlocks) putBlocks(client, change);
  // Reservations and pods change what a map says of blocks and addresses that stay as they are.
  if (hasBlocks || touched.includes("addresses")) {
    markOfPools("map");
    pace.mark({ queryKey: ["reservations"] });
  }
  markOfPools("holds");
  for (const noun of ["ipam-show", "path", "choose"]) pace.mark({ queryKey: [noun] });
  const isCounted = ({ queryKey }: Query) => totals !== undefined && queryKey[1] === "total";
  for (const noun of touched) pace.mark({ queryKey: [noun], predicate: (query) => !isCounted(query) });
}

/** What the server stores of the pool is not what was shown last; false when only its figures changed. */
function isRewritten(client: QueryClient, { name, resourceVersion }: Pool): boolean {
  const known =
    client.getQueryData(poolQueries.detail(name).queryKey) ??
    client.getQueryData(poolQueries.list().queryKey)?.items?.find((pool) => pool.name === name);
  return known?.resourceVersion !== resourceVersion;
}

function putPools(client: QueryClient, pools: readonly Pool[], removed: readonly string[]): void {
  const list = poolQueries.list().queryKey;
  client.setQueryData(list, (known) => known && patchPools(known, pools, removed));
  askOnceMore(client, list);
  for (const pool of pools) {
    const { queryKey } = poolQueries.detail(pool.name);
    client.setQueryData(queryKey, pool);
    askOnceMore(client, queryKey);
  }
}

function putBlocks(client: QueryClient, { blocks, removed }: ChangeEvent): void {
  const pace = paceOf(client);
  for (const [key, data] of client.getQueriesData<BlockPages>({ queryKey: ["blocks", "list"] })) {
    askOnceMore(client, key);
    if (!data) continue;
    const listed = namesIn(data);
    if (blocks.some(({ name }) => listed.has(name))) client.setQueryData(key, patchBlocks(data, blocks));
    const isGone = removed.blocks.some((name) => listed.has(name));
    if (isGone || blocks.some((block) => !listed.has(block.name) && belongs(block, key[2])))
      pace.mark({ queryKey: key, exact: true });
  }
  for (const name of [...blocks.map((block) => block.name), ...removed.blocks])
    pace.mark({ queryKey: ["blocks", "detail", name], exact: true });
}

/** Requests under way may bring what was before: they are followed by one more. */
function askOnceMore(
  client: QueryClient,
  queryKey: QueryKey,
  predicate: (query: Query) => boolean = () => true,
): void {
  for (const query of client.getQueryCache().findAll({ queryKey, fetchStatus: "fetching", predicate }))
    paceOf(client).askOnceMore(query);
}

/** The navigation's counts, which would be three requests a viewer each time that a pod changes. */
export function putTotals(client: QueryClient, { namespaces, pods, nodes }: Totals): void {
  client.setQueryData(countQueries.namespaces().queryKey, namespaces);
  client.setQueryData(countQueries.pods().queryKey, pods);
  client.setQueryData(countQueries.nodes().queryKey, nodes);
}

/**
 * After a write of this browser, at once: a request that is already under way may carry the older data, so it is started anew;
 * nothing waits for it. What is about a pool of `gone` is not asked for: the answer is known.
 */
function invalidate(client: QueryClient, queryKey: QueryKey, gone: ReadonlySet<unknown> = new Set()): void {
  const predicate = (query: Query) => query.queryKey[0] !== "pools" || !gone.has(query.queryKey[2]);
  // Those that have no data yet are not started anew.
  askOnceMore(client, queryKey, (query) => query.state.data === undefined && predicate(query));
  void client.invalidateQueries({ queryKey, predicate });
}

/** Whoever shows the pool learns that it is gone as if the server had been asked; whoever opens it later asks. */
function markGone(client: QueryClient, name: string): void {
  const error = new ProblemError({
    type: "about:blank",
    title: "Not found",
    status: 404,
    code: "not-found",
    detail: `There is no pool named ${name}.`,
    requestId: "",
  });
  client
    .getQueryCache()
    .find({ queryKey: poolQueries.detail(name).queryKey })
    ?.setState({ status: "error", error, errorUpdatedAt: Date.now() });
  const predicate = ({ queryKey }: Query) => queryKey[2] === name;
  void client.invalidateQueries({ queryKey: poolQueries.all(), predicate, refetchType: "none" });
}

/** The list with changed pools replaced, new ones added and removed ones gone. */
function patchPools(list: List<Pool>, changed: readonly Pool[], removed: readonly string[]): List<Pool> {
  if (list.items === null) return list;
  const byName = new Map(list.items.map((pool) => [pool.name, pool]));
  for (const pool of changed) byName.set(pool.name, pool);
  for (const name of removed) byName.delete(name);
  const items = [...byName.values()];
  return { ...list, items, total: items.length };
}

type BlockPages = InfiniteData<List<Block>>;

function patchBlocks(data: BlockPages, changed: readonly Block[]): BlockPages {
  const byName = new Map(changed.map((block) => [block.name, block]));
  const pages = data.pages.map((page) =>
    page.items?.some((block) => byName.has(block.name))
      ? { ...page, items: page.items.map((block) => byName.get(block.name) ?? block) }
      : page,
  );
  return { ...data, pages };
}

function namesIn(data: BlockPages): ReadonlySet<string> {
  return new Set(data.pages.flatMap((page) => page.items?.map(({ name }) => name) ?? []));
}

/** Whether a block may be a row of the list with this filter; free text is not looked into. */
function belongs(block: Block, filter: unknown): boolean {
  const { pool, node, outside } = (filter ?? {}) as Readonly<Record<string, unknown>>;
  const isOutside = outside !== true && outside !== "true" ? true : block.pool === null;
  return (
    isOutside &&
    (typeof pool !== "string" || pool === block.pool) &&
    (typeof node !== "string" || node === block.node)
  );
}

/** Shows a pool that a write answered with, before the stream brings it. */
export function putPool(client: QueryClient, pool: Pool): void {
  client.setQueryData(poolQueries.list().queryKey, (list) => list && patchPools(list, [pool], []));
  client.setQueryData(poolQueries.detail(pool.name).queryKey, pool);
  invalidate(client, ["pools", "yaml", pool.name]);
  invalidate(client, ["pools", "impact"]);
}

/** Takes a pool away whose deletion a write answered with, before the stream says so. */
export function dropPool(client: QueryClient, name: string): void {
  client.setQueryData(poolQueries.list().queryKey, (list) => list && patchPools(list, [], [name]));
  markGone(client, name);
  invalidate(client, poolQueries.all(), new Set([name]));
}
