import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isObject, listAt, objectAt, textAt } from "../store/json.ts";
import { pod, TestCluster } from "./testing.ts";

let cluster: TestCluster;
const pods = "/api/v1/namespaces/default/pods";

beforeEach(async () => {
  cluster = await TestCluster.start();
});

afterEach(() => cluster.server.close());

const now = (): string => String(cluster.server.store.revision);

async function label(name: string, labels: Record<string, string | null>): Promise<void> {
  await cluster.patch(`${pods}/${name}`, { metadata: { labels } });
}

test("a watch goes on where the list stopped", async () => {
  await cluster.post(pods, pod("before"));
  const from = now();
  await cluster.post(pods, pod("between"));
  const watch = await cluster.watch(`${pods}?watch=true&resourceVersion=${from}`);
  await label("between", { a: "b" });
  await cluster.remove(`${pods}/before`);
  expect(await watch.take(3)).toEqual(["ADDED between", "MODIFIED between", "DELETED before"]);
  watch.close();
});

test("without a version it starts with everything there is", async () => {
  await cluster.post(pods, pod("a"));
  const watch = await cluster.watch(`${pods}?watch=true`);
  await cluster.post(pods, pod("b"));
  expect(await watch.take(2)).toEqual(["ADDED a", "ADDED b"]);
  watch.close();
});

test("a deletion carries the last state under the version of the deletion", async () => {
  await cluster.post(pods, pod("a"));
  const watch = await cluster.watch(`${pods}?watch=true&resourceVersion=${now()}`);
  await cluster.remove(`${pods}/a`);
  const event = await watch.next();
  expect(event).toMatchObject({
    type: "DELETED",
    object: { metadata: { name: "a", resourceVersion: now() } },
  });
  watch.close();
});

test("objects come into and go out of a selector's sight", async () => {
  for (const name of ["a", "b"]) await cluster.post(pods, pod(name));
  const watch = await cluster.watch(`${pods}?watch=true&resourceVersion=${now()}&labelSelector=team%3Dred`);
  await label("a", { team: "red" });
  await label("b", { team: "blue" });
  await label("a", { other: "x" });
  await label("a", { team: "blue" });
  await label("b", { team: "red" });
  await cluster.remove(`${pods}/b`);
  await cluster.remove(`${pods}/a`);
  await cluster.post(pods, { ...pod("c"), metadata: { name: "c", labels: { team: "red" } } });
  expect(await watch.take(6)).toEqual([
    "ADDED a",
    "MODIFIED a",
    "DELETED a",
    "ADDED b",
    "DELETED b",
    "ADDED c",
  ]);
  watch.close();
});

test("what goes out of sight is deleted as it last looked, under the version of the change", async () => {
  await cluster.post(pods, { ...pod("a"), metadata: { name: "a", labels: { team: "red" } } });
  const watch = await cluster.watch(`${pods}?watch=true&resourceVersion=${now()}&labelSelector=team%3Dred`);
  await label("a", { team: "blue" });
  expect(await watch.next()).toMatchObject({
    type: "DELETED",
    object: { metadata: { labels: { team: "red" }, resourceVersion: now() } },
  });
  watch.close();
});

test("a client that reads slowly gets everything, in order, and what happens meanwhile after it", async () => {
  const text = "x".repeat(100_000);
  const map = (index: number) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `m${String(index).padStart(3, "0")}`, namespace: "default" },
    data: { text },
  });
  cluster.server.seed(Array.from({ length: 200 }, (_, index) => map(index)));
  const maps = "/api/v1/namespaces/default/configmaps";
  const watch = await cluster.watch(
    `${maps}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
  );
  await cluster.post(maps, map(200));
  const seen = await watch.take(202);
  expect(seen.slice(0, 200)).toEqual(
    Array.from({ length: 200 }, (_, index) => `ADDED m${String(index).padStart(3, "0")}`),
  );
  expect(seen.slice(200)).toEqual(["BOOKMARK undefined", "ADDED m200"]);
  watch.close();
});

test("other namespaces are not seen; all of them are", async () => {
  await cluster.post("/api/v1/namespaces", { metadata: { name: "other" } });
  const one = await cluster.watch(`${pods}?watch=true&resourceVersion=${now()}`);
  const all = await cluster.watch(`/api/v1/pods?watch=true&resourceVersion=${now()}`);
  await cluster.post("/api/v1/namespaces/other/pods", pod("x"));
  await cluster.post(pods, pod("y"));
  expect(await one.take(1)).toEqual(["ADDED y"]);
  expect(await all.take(2)).toEqual(["ADDED x", "ADDED y"]);
  one.close();
  all.close();
});

test("a version that is forgotten ends in one ERROR event", async () => {
  const from = now();
  await cluster.post(pods, pod("a"));
  cluster.server.compact();
  const watch = await cluster.watch(`${pods}?watch=true&resourceVersion=${from}`);
  expect(watch.status).toBe(200);
  expect(await watch.next()).toMatchObject({
    type: "ERROR",
    object: {
      kind: "Status",
      code: 410,
      reason: "Expired",
      message: expect.stringMatching(/^too old resource version: \d+ \(\d+\)$/),
    },
  });
  expect(await watch.next()).toBeNull();
});

test("initial events end with a marked bookmark; asking for them wrongly is refused", async () => {
  await cluster.post(pods, pod("a"));
  const query = "watch=true&sendInitialEvents=true&allowWatchBookmarks=true";
  const watch = await cluster.watch(`${pods}?${query}&resourceVersionMatch=NotOlderThan`);
  expect(await watch.take(1)).toEqual(["ADDED a"]);
  expect(await watch.next()).toMatchObject({
    type: "BOOKMARK",
    object: {
      kind: "Pod",
      metadata: { resourceVersion: now(), annotations: { "k8s.io/initial-events-end": "true" } },
    },
  });
  watch.close();
  expect(await cluster.get(`${pods}?${query}`)).toMatchObject({ status: 422, body: { reason: "Invalid" } });
});

test("timeoutSeconds and a dropped connection both end it cleanly", async () => {
  const short = await cluster.watch(`${pods}?watch=true&resourceVersion=${now()}&timeoutSeconds=1`);
  const long = await cluster.watch(`${pods}?watch=true&resourceVersion=${now()}`);
  cluster.server.dropWatches();
  expect(await long.next()).toBeNull();
  expect(await short.next()).toBeNull();
});

test("a table watch sends rows", async () => {
  const response = await fetch(
    `${cluster.server.url}${pods}?watch=true&resourceVersion=${now()}&timeoutSeconds=1`,
    {
      headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
    },
  );
  await cluster.post(pods, pod("a"));
  const event: unknown = JSON.parse(await response.text());
  expect(event).toMatchObject({
    type: "ADDED",
    object: {
      kind: "Table",
      rows: [{ cells: ["a", "0/1", "Pending", "0", "0s", "<none>", "<none>", "<none>", "<none>"] }],
    },
  });
});

test("whatever happens, the events of a selector replay to its list", async () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c", "d"),
    team: fc.constantFrom("red", "blue"),
    act: fc.constantFrom("create", "label", "delete"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const selector = "labelSelector=team%3Dred";
      const watch = await cluster.watch(`${pods}?watch=true&resourceVersion=${now()}&${selector}`);
      const copy = new Map<string, string>();
      for (const item of listAt((await cluster.get(`${pods}?${selector}`)).body, "items").filter(isObject)) {
        const metadata = objectAt(item, "metadata");
        copy.set(textAt(metadata, "name"), textAt(metadata, "resourceVersion"));
      }
      for (const { name, team, act } of steps) {
        if (act === "create")
          await cluster.post(pods, { ...pod(name), metadata: { name, labels: { team } } });
        else if (act === "label") await label(name, { team });
        else await cluster.remove(`${pods}/${name}`);
      }
      const list = await cluster.get(`${pods}?${selector}`);
      await cluster.post(pods, { ...pod("end"), metadata: { name: "end", labels: { team: "red" } } });
      for (;;) {
        const event = await watch.next();
        const metadata = objectAt(event?.object, "metadata");
        const name = textAt(metadata, "name");
        if (name === "end" || event === null) break;
        if (event.type === "DELETED") copy.delete(name);
        else copy.set(name, textAt(metadata, "resourceVersion"));
      }
      watch.close();
      await cluster.remove(`${pods}/end`);
      const listed = listAt(list.body, "items")
        .filter(isObject)
        .map((item) => objectAt(item, "metadata"));
      expect([...copy].sort()).toEqual(
        listed.map((one) => [textAt(one, "name"), textAt(one, "resourceVersion")]),
      );
    }),
    { numRuns: 25 },
  );
});
