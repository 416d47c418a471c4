import { QueryClient, type QueryKey, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { Block } from "../contract/blocks.ts";
import type { ChangeEvent } from "../contract/events.ts";
import type { Pool } from "../contract/pools.ts";
import { applyChange, dropPool, putTotals } from "./apply-change.ts";
import { poolMapQueries } from "./pool-map.ts";
import { poolQueries } from "./pools.ts";

// The cache is keyed by name; the other fields do not matter here.
const pool = (name: string, inUse: string) => ({ name, usage: { inUse } }) as Pool;
const block = (name: string, used: number, inPool = "a") => ({ name, used, pool: inPool }) as Block;
const change = (parts: Partial<ChangeEvent>): ChangeEvent => ({
  version: "e.2",
  pools: [],
  blocks: [],
  removed: { pools: [], blocks: [] },
  touched: [],
  ...parts,
});

function clientWith(blocks: readonly Block[]) {
  const client = new QueryClient();
  client.setQueryData(poolQueries.list().queryKey, { items: [pool("a", "1"), pool("b", "2")], total: 2 });
  client.setQueryData(["blocks", "list", { pool: "a" }], {
    pages: [{ items: blocks, total: blocks.length }],
    pageParams: [0],
  });
  client.setQueryData(["pods", "total"], 3);
  return client;
}

const invalid = (client: QueryClient, key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated;

test("changed pools are replaced, new ones added, removed ones gone", () => {
  const client = clientWith([]);
  applyChange(
    client,
    change({ pools: [pool("b", "9"), pool("c", "0")], removed: { pools: ["a"], blocks: [] } }),
  );
  const list = client.getQueryData(poolQueries.list().queryKey);
  expect(list?.items?.map((each) => [each.name, each.usage.inUse])).toEqual([
    ["b", "9"],
    ["c", "0"],
  ]);
  expect(list?.total).toBe(2);
});

const watched = (client: QueryClient, queryKey: QueryKey) => {
  const asked: unknown[] = [];
  const observer = new QueryObserver(client, {
    queryKey,
    queryFn: () => {
      asked.push(queryKey);
      return Promise.resolve({});
    },
    initialData: {},
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { asked, observer, stop: observer.subscribe(() => {}) };
};

test.each<[string, (client: QueryClient) => void]>([
  ["the stream", (client) => applyChange(client, change({ removed: { pools: ["a"], blocks: ["x"] } }))],
  ["the answer to its deletion", (client) => dropPool(client, "a")],
])("a pool that is gone, as %s says, is not asked for again by those that show it", async (_by, tell) => {
  const client = clientWith([]);
  const detail = watched(client, poolQueries.detail("a").queryKey);
  const parts = [
    poolQueries.holds("a").queryKey,
    poolQueries.impact("a", "delete").queryKey,
    poolQueries.yaml("a").queryKey,
    poolMapQueries.map("a").queryKey,
  ].map((key) => watched(client, key));
  const other = watched(client, poolQueries.impact("b", "disable").queryKey);
  tell(client);
  await expect.poll(() => other.asked).toHaveLength(1);
  expect([detail, ...parts].flatMap(({ asked }) => asked)).toEqual([]);
  expect(detail.observer.getCurrentResult().error).toMatchObject({ problem: { status: 404 } });
  expect(client.getQueryData(poolQueries.list().queryKey)?.items?.map(({ name }) => name)).toEqual(["b"]);
  // Who opens it later asks; a new pool of that name is shown.
  expect(invalid(client, poolQueries.detail("a").queryKey)).toBe(true);
  applyChange(client, change({ pools: [pool("a", "0")] }));
  expect(detail.observer.getCurrentResult()).toMatchObject({ error: null, data: { name: "a" } });
  for (const { stop } of [detail, ...parts, other]) stop();
});

test("a changed block is replaced in place; an unknown one makes the list ask again", () => {
  const client = clientWith([block("x", 1), block("y", 2)]);
  applyChange(client, change({ blocks: [block("y", 7)] }));
  const key = ["blocks", "list", { pool: "a" }];
  expect(client.getQueryData(key)).toMatchObject({
    pages: [
      {
        items: [
          { name: "x", used: 1 },
          { name: "y", used: 7 },
        ],
      },
    ],
  });
  expect(invalid(client, key)).toBe(false);
  applyChange(client, change({ blocks: [block("w", 1, "b")] }));
  expect(invalid(client, key)).toBe(false);
  applyChange(client, change({ blocks: [block("z", 1)] }));
  expect(invalid(client, key)).toBe(true);
});

test("touched lists ask again, others do not", () => {
  const client = clientWith([]);
  applyChange(client, change({ touched: ["nodes"] }));
  expect(invalid(client, ["pods", "total"])).toBe(false);
  applyChange(client, change({ touched: ["pods"] }));
  expect(invalid(client, ["pods", "total"])).toBe(true);
});

test("what the stream counts is not asked for, the rows are", () => {
  const client = clientWith([]);
  client.setQueryData(["pods", "list", {}], { pages: [] });
  const totals = { pods: 7, namespaces: null, nodes: 2 };
  putTotals(client, totals);
  applyChange(client, change({ touched: ["pods"], totals }));
  expect(client.getQueryData(["pods", "total"])).toBe(7);
  expect(client.getQueryData(["namespaces", "total"])).toBeNull();
  expect(invalid(client, ["pods", "total"])).toBe(false);
  expect(invalid(client, ["pods", "list", {}])).toBe(true);
});

test("the YAML of a pool is asked for when somebody wrote it, not when its figures change", () => {
  const client = clientWith([]);
  const { queryKey } = poolQueries.yaml("a");
  client.setQueryData(queryKey, "kind: IPPool");
  const written = (resourceVersion: string) => ({ ...pool("a", "1"), resourceVersion });
  applyChange(client, change({ pools: [written("1")] }));
  expect(invalid(client, queryKey)).toBe(true);
  client.setQueryData(queryKey, "kind: IPPool");
  applyChange(client, change({ pools: [{ ...written("1"), usage: pool("a", "2").usage }] }));
  expect(invalid(client, queryKey)).toBe(false);
  applyChange(client, change({ pools: [written("2")] }));
  expect(invalid(client, queryKey)).toBe(true);
});

test.each<[string, object, boolean]>([
  ["of its pool", { pool: "a" }, true],
  ["of another pool", { pool: "b" }, false],
  ["of its node", { node: "n" }, true],
  ["of another node", { node: "m" }, false],
  ["outside all pools", { outside: true }, false],
  ["with a word in it", { q: "x" }, true],
])("a new block makes a list %s ask again or not", (_what, filter, asks) => {
  const client = new QueryClient();
  const key = ["blocks", "list", filter];
  client.setQueryData(key, { pages: [{ items: [], total: 0 }], pageParams: [0] });
  applyChange(client, change({ blocks: [{ ...block("x", 1), node: "n" }] }));
  expect(invalid(client, key)).toBe(asks);
});

test.each<[string, Partial<ChangeEvent>, boolean]>([
  ["a block", { blocks: [block("x", 3)] }, true],
  ["a block that is gone", { removed: { pools: [], blocks: ["x"] } }, true],
  ["a pod or a reservation", { touched: ["addresses"] }, true],
  ["a pool's own fields", { pools: [pool("a", "1")] }, false],
  ["a node's readiness", { touched: ["nodes"] }, false],
])("%s makes maps ask again or not", (_what, parts, asks) => {
  const client = clientWith([]);
  const keys = [
    poolMapQueries.map("a", ["node"]).queryKey,
    poolMapQueries.addresses("a", "10.0.0.0/26").queryKey,
  ];
  for (const key of keys) client.setQueryData(key as QueryKey, {});
  applyChange(client, change(parts));
  for (const key of keys) expect(invalid(client, key)).toBe(asks);
});

const underWay: readonly [string, QueryKey, Partial<ChangeEvent>][] = [
  ["a block", ["blocks", "detail", "x"], { blocks: [block("x", 3)] }],
  ["the list of blocks", ["blocks", "list", { pool: "a" }], { blocks: [block("x", 3)] }],
  ["the list of pools", poolQueries.list().queryKey, { pools: [pool("a", "3")] }],
  ["a pool", poolQueries.detail("a").queryKey, { pools: [pool("a", "3")] }],
];

test.each(underWay)(
  "%s whose first answer is under way when it changes is asked for once more",
  async (_, queryKey, parts) => {
    const client = new QueryClient();
    const answers: ((answer: unknown) => void)[] = [];
    const asked = () => expect.poll(() => answers.length);
    const observer = new QueryObserver(client, {
      queryKey,
      queryFn: () => new Promise((resolve) => answers.push(resolve)),
    });
    const stop = observer.subscribe(() => {});
    await asked().toBe(1);
    applyChange(client, change(parts));
    applyChange(client, change(parts));
    answers[0]?.({ answer: "before" });
    await asked().toBe(2);
    answers[1]?.({ answer: "after" });
    await expect
      .poll(() => observer.getCurrentResult())
      .toMatchObject({ data: { answer: "after" }, fetchStatus: "idle" });
    expect(answers).toHaveLength(2);
    stop();
  },
);
