import fc from "fast-check";
import { expect, test } from "vitest";
import type { KubeObject } from "./kube-object.ts";
import { Store } from "./store.ts";

function thing(namespace: string, name: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name, namespace, uid: name, resourceVersion: "", creationTimestamp: "" },
  };
}

const keys = (store: Store, namespace = ""): string[] =>
  store
    .collection("things")
    .list(namespace)
    .map((entry) => entry.key);

test("lists come in byte order and a namespace is its own range", () => {
  const store = new Store();
  for (const [namespace, name] of [
    ["b", "y"],
    ["a", "x"],
    ["a-b", "z"],
    ["a", "a"],
    ["ab", "q"],
  ] as const) {
    store.put("things", thing(namespace, name));
  }
  expect(keys(store)).toEqual(["a-b/z", "a/a", "a/x", "ab/q", "b/y"]);
  expect(keys(store, "a")).toEqual(["a/a", "a/x"]);
  expect(keys(store, "a-b")).toEqual(["a-b/z"]);
  expect(keys(store, "nosuch")).toEqual([]);
});

test("random writes: order holds, versions only grow, and the events replay to what is there", () => {
  const step = fc.record({ put: fc.boolean(), name: fc.constantFrom("a", "b", "c", "a-b", "z9") });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const store = new Store();
      const start = store.revision;
      const copy = new Map<string, string>();
      for (const { put, name } of steps) {
        if (put) store.put("things", thing("n", name));
        else store.remove("things", `n/${name}`);
      }
      const events = store.collection("things").since(start) ?? [];
      let last = start;
      for (const event of events) {
        expect(event.revision).toBeGreaterThan(last);
        last = event.revision;
        if (event.type === "DELETED") copy.delete(event.entry.key);
        else copy.set(event.entry.key, event.entry.object.metadata.resourceVersion);
      }
      const listed = store.collection("things").list();
      expect(listed.map((entry) => entry.key)).toEqual([...copy.keys()].sort());
      expect(listed.map((entry) => entry.object.metadata.resourceVersion)).toEqual(
        listed.map((entry) => copy.get(entry.key)),
      );
    }),
  );
});

test("the past is bounded: what is forgotten is null, not a gap", () => {
  const store = new Store();
  const start = store.revision;
  for (let round = 0; round < 20_000; round++) store.put("things", thing("n", "a"));
  const collection = store.collection("things");
  expect(collection.since(start)).toBeNull();
  const { oldestWatchable } = collection;
  expect(collection.since(oldestWatchable)?.[0]?.revision).toBe(oldestWatchable + 1);
  expect(collection.since(store.revision)).toEqual([]);
});

test("an entry's text starts with its kind and can be written without it", () => {
  const entry = new Store().put("things", thing("n", "a"));
  expect(entry.json.startsWith('{"apiVersion":"v1","kind":"Thing","metadata":{"name":"a"')).toBe(true);
  expect(entry.bareJson.startsWith('{"metadata":{"name":"a"')).toBe(true);
  expect(entry.json).toBe(entry.json);
});
