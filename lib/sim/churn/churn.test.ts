import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { parseBlock } from "../../calico/parse-block.ts";
import { formatAddress } from "../../ipam/address.ts";
import { addressAt } from "../../ipam/cidr.ts";
import { type ApiServer, startApiServer } from "../api/server.ts";
import { empty } from "../scenarios/empty.ts";
import { large } from "../scenarios/large.ts";
import type { JsonObject } from "../store/json.ts";
import { objectAt, textAt } from "../store/json.ts";
import { Churn, ChurnError } from "./churn.ts";

const start = Date.parse("2026-11-30T12:00:00Z");
const blocksKey = "ipamblocks.crd.projectcalico.org";

async function cluster(objects: Iterable<unknown>): Promise<ApiServer> {
  const api = await startApiServer();
  onTestFinished(api.close);
  api.seed(objects as Iterable<JsonObject>);
  return api;
}

const small = () => cluster(large({ now: start, calicoVersion: "v3.32.1", nodes: 6, pods: 120 }));

/** Address → pod, as the blocks have it; odd blocks fail the test. */
function allocated({ store }: ApiServer): Map<string, string> {
  const held = new Map<string, string>();
  for (const { object } of store.collection(blocksKey).list()) {
    const { value: block, oddities } = parseBlock(object);
    expect(oddities).toEqual([]);
    block?.allocations.forEach((index, ordinal) => {
      const { pod, namespace } = (index === null ? undefined : block.attributes[index]?.owner) ?? {};
      if (pod !== undefined)
        held.set(formatAddress(addressAt(block.cidr, ordinal)), `${namespace ?? ""}/${pod}`);
    });
  }
  return held;
}

function podAddresses({ store }: ApiServer): Map<string, string> {
  return new Map(
    store
      .collection("pods")
      .list()
      .map(({ key, object }) => [textAt(objectAt(object, "status"), "podIP"), key]),
  );
}

const sorted = (map: ReadonlyMap<string, string>) => [...map].toSorted();
const size = (api: ApiServer, resource: string) => api.store.collection(resource).size;

test("after any steps, pods and allocations match one to one, and there are as many pods as before", async () => {
  const step = fc.tuple(fc.nat(40), fc.nat(40));
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.array(step, { maxLength: 40 }), async (seed, steps) => {
      const api = await startApiServer();
      try {
        api.seed([
          ...large({ now: start, calicoVersion: "v3.32.1", nodes: 3, pods: 60 }),
        ] as Iterable<unknown> as Iterable<JsonObject>);
        const churn = new Churn(api.store, "crd-v1", seed);
        let now = start;
        for (const [pods, blocks] of steps) churn.step(pods, blocks, (now += 1_000));
        const living = new Set(
          api.store
            .collection("pods")
            .list()
            .map(({ key }) => key),
        );
        for (const pod of allocated(api).values()) expect(living).toContain(pod);
        churn.settle(now);
        expect(sorted(allocated(api))).toEqual(sorted(podAddresses(api)));
        expect(size(api, "pods")).toBe(60);
        const tunnels = 3;
        expect(size(api, "ipamhandles.crd.projectcalico.org")).toBe(60 + tunnels);
        expect(size(api, "blockaffinities.crd.projectcalico.org")).toBe(size(api, blocksKey));
      } finally {
        await api.close();
      }
    }),
    { numRuns: 15 },
  );
});

test("writes as many pods and blocks as it is asked for, and keeps the number of blocks in bounds", async () => {
  const api = await small();
  const churn = new Churn(api.store, "crd-v1");
  const [before, writes] = [size(api, blocksKey), { ...churn.writes }];
  for (let second = 0; second < 60; second++) churn.step(50, 50, start + second * 1_000);
  expect(Math.abs(churn.writes.pods - writes.pods - 3_000)).toBeLessThan(60);
  expect(Math.abs(churn.writes.blocks - writes.blocks - 3_000)).toBeLessThan(60);
  expect(size(api, blocksKey)).toBeLessThan(2 * before + 6);
  churn.settle(start + 60_000);
  // Nothing of the first hour is left: everybody was replaced, most of them many times.
  const old = api.store
    .collection("pods")
    .list()
    .filter(({ object }) => object.metadata.creationTimestamp < "2026-11-30");
  expect(old.length).toBeLessThan(12);
});

test("the same seed makes the same cluster", async () => {
  const run = async () => {
    const api = await small();
    const churn = new Churn(api.store, "crd-v1", "one");
    for (let second = 0; second < 5; second++) churn.step(40, 40, start + second * 1_000);
    return sorted(allocated(api));
  };
  expect(await run()).toEqual(await run());
});

test("a watcher sees the changes at the pace asked for, and what is long past is forgotten", async () => {
  vi.useFakeTimers({ now: start, toFake: ["setInterval", "clearInterval", "Date", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const api = await small();
  const churn = new Churn(api.store, "crd-v1");
  const seen = { pods: 0, blocks: 0 };
  api.store.collection("pods").listen(() => (seen.pods += 1));
  api.store.collection(blocksKey).listen(() => (seen.blocks += 1));
  const begin = api.store.revision;
  churn.start({ pods: 20, blocks: 10 });
  vi.advanceTimersByTime(40_000);
  churn.stop();
  const { pods, blocks } = seen;
  expect(Math.abs(pods - 800)).toBeLessThan(40);
  expect(Math.abs(blocks - 400)).toBeLessThan(40);
  vi.advanceTimersByTime(5_000);
  expect(seen).toEqual({ pods, blocks });
  expect(api.store.collection("pods").since(begin)).toBeNull();
  expect(api.store.collection("pods").since(api.store.revision - 1)).not.toBeNull();
});

test("says so when there is nothing to replace", async () => {
  const api = await cluster(empty({ now: start, calicoVersion: "v3.32.1" }));
  expect(() => new Churn(api.store, "crd-v1")).toThrow(ChurnError);
});
