import type { InfiniteData, Query, QueryClient } from "@tanstack/react-query";
import type { Block } from "../contract/blocks.ts";
import type { List } from "../contract/common.ts";
import type { ChangeEvent } from "../contract/events.ts";
import type { Pool } from "../contract/pools.ts";
import { poolQueries } from "./pools.ts";
import { ProblemError } from "./problem-error.ts";

/** Puts the changed rows where they are shown and marks what has to be asked for again. */
export function applyChange(client: QueryClient, change: ChangeEvent): void {
  const { pools, blocks, removed } = change;
  const gone = new Set(removed.pools.filter((name) => !pools.some((pool) => pool.name === name)));
  if (pools.length > 0 || removed.pools.length > 0) {
    client.setQueryData(
      poolQueries.list().queryKey,
      (list) => list && patchPools(list, pools, removed.pools),
    );
    askOnceMore(client, poolQueries.list().queryKey);
    for (const pool of pools) {
      client.setQueryData(poolQueries.detail(pool.name).queryKey, pool);
      askOnceMore(client, poolQueries.detail(pool.name).queryKey);
      invalidate(client, ["pools", "yaml", pool.name]);
      invalidate(client, ["pools", "events", pool.name]);
    }
    for (const name of gone) markGone(client, name);
    invalidate(client, ["pools", "impact"], gone);
  }
  if (blocks.length > 0 || removed.blocks.length > 0) {
    for (const [key, data] of client.getQueriesData<BlockPages>({ queryKey: ["blocks", "list"] })) {
      askOnceMore(client, key);
      if (!data) continue;
      client.setQueryData(key, patchBlocks(data, blocks));
      const isGone = removed.blocks.some((name) => isListed(data, name));
      if (isGone || blocks.some((block) => !isListed(data, block.name) && belongs(block, key[2]))) {
        void client.invalidateQueries({ queryKey: key, exact: true });
      }
    }
    for (const block of blocks) invalidate(client, ["blocks", "detail", block.name]);
    for (const name of removed.blocks) invalidate(client, ["blocks", "detail", name]);
  }
  // Reservations and pods change what a map says of blocks and addresses that stay as they are.
  if (blocks.length > 0 || removed.blocks.length > 0 || change.touched.includes("addresses")) {
    invalidate(client, ["pools", "map"], gone);
    invalidate(client, ["reservations"]);
  }
  invalidate(client, ["pools", "holds"], gone);
  invalidate(client, ["ipam-show"]);
  invalidate(client, ["path"]);
  invalidate(client, ["choose"]);
  for (const noun of change.touched) invalidate(client, [noun]);
}

/**
 * A request that is already under way may carry the older data, so it is started anew; nothing waits for it. What is about a pool
 * of `gone` is not asked for: the answer is known.
 */
function invalidate(
  client: QueryClient,
  queryKey: readonly string[],
  gone: ReadonlySet<unknown> = new Set(),
): void {
  const predicate = (query: Query) => query.queryKey[0] !== "pools" || !gone.has(query.queryKey[2]);
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

const askedOnceMore = new WeakSet<Promise<unknown>>();

/**
 * Requests under way are followed by one more, because their answer may be older than what is known by then. Ending them
 * would show nothing at all under steady change; react-query never does so with a query's first one.
 */
function askOnceMore(
  client: QueryClient,
  queryKey: readonly unknown[],
  predicate: (query: Query) => boolean = () => true,
): void {
  for (const query of client.getQueryCache().findAll({ queryKey, fetchStatus: "fetching", predicate })) {
    const { promise } = query;
    if (!promise || askedOnceMore.has(promise)) continue;
    askedOnceMore.add(promise);
    void promise
      .then(() => client.invalidateQueries({ queryKey: query.queryKey, exact: true }))
      .catch(() => {
        // Without an answer there is none that could be too old.
      });
  }
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

function isListed(data: BlockPages, name: string): boolean {
  return data.pages.some((page) => page.items?.some((block) => block.name === name));
}

/** Whether a block may be a row of the list with this filter; only the pool is looked at. */
function belongs(block: Block, filter: unknown): boolean {
  const pool = typeof filter === "object" && filter !== null && "pool" in filter ? filter.pool : undefined;
  return typeof pool !== "string" || pool === block.pool;
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
