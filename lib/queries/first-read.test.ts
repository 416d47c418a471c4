import { environmentManager, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueryClient } from "./client.ts";
import { clusterQueries, readCluster } from "./cluster.ts";
import { countQueries } from "./counts.ts";
import { freshness } from "./freshness.ts";
import { poolQueries } from "./pools.ts";

const starting = { type: "about:blank", title: "", status: 503, code: "starting", detail: "", requestId: "" };
const cluster = {
  name: "c",
  kubernetesVersion: null,
  calico: { detected: true, cni: null, ipam: null, version: null, apiMode: null, detectedBy: "" },
  readOnly: false,
  stale: false,
};
const empty = { items: [], total: 0 };

/** A page on a server whose answers the test decides on; how often it has asked for each since it was asked last. */
function page(answer: (path: string) => object) {
  let asked: Record<string, number> = {};
  vi.stubGlobal("fetch", (path: string) => {
    asked[path] = (asked[path] ?? 0) + 1;
    const body = answer(path);
    const status = "code" in body ? 503 : 200;
    const headers = new Headers({
      "x-poolboard-age-ms": "6000",
      "content-type": status === 200 ? "application/json" : "application/problem+json",
    });
    // A real one is read in turns of the event loop that no faked clock waits for.
    return Promise.resolve({ ok: status === 200, status, headers, json: () => Promise.resolve(body) });
  });
  const client = createQueryClient();
  const queries = [clusterQueries.cluster(), poolQueries.list(), countQueries.pods()] as const;
  for (const options of queries)
    new QueryObserver(client, client.defaultQueryOptions(options as object as { queryKey: [] })).subscribe(
      () => {},
    );
  return {
    client,
    async after(milliseconds: number) {
      asked = {};
      await vi.advanceTimersByTimeAsync(milliseconds);
      return asked;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  environmentManager.setIsServer(() => false);
  freshness.set({ unread: null, reading: null, currentAt: null });
});
afterEach(() => {
  vi.useRealTimers();
  environmentManager.setIsServer(() => true);
  vi.unstubAllGlobals();
});

test("before the cluster is read only the cluster is asked for; once it is, all that was refused, once", async () => {
  let answer: (path: string) => object = () => starting;
  const { client, after } = page((path) => answer(path));
  await after(10);
  expect(freshness.get()).toMatchObject({ unread: true, currentAt: null });
  expect(await after(10_000)).toEqual({ "/api/v1/cluster": 10 });

  const reading = "IPAM blocks (250 of about 7,800)";
  answer = (path) => (path === "/api/v1/cluster" ? { ...cluster, ready: false, reading } : starting);
  await after(1_000);
  expect(freshness.get()).toMatchObject({ unread: true, reading, currentAt: null });
  expect(await after(10_000)).toEqual({ "/api/v1/cluster": 2 });

  answer = (path) => (path === "/api/v1/cluster" ? { ...cluster, ready: true } : empty);
  // The stream's word for it.
  readCluster(client, true);
  expect(await after(1_000)).toEqual({
    "/api/v1/pools?limit=500": 1,
    "/api/v1/pods?limit=1": 1,
  });
  expect(freshness.get()).toMatchObject({ unread: false, reading: null });
  expect(freshness.get().currentAt).not.toBeNull();
  expect(await after(10_000)).toEqual({ "/api/v1/cluster": 2 });
});
