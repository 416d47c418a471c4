import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Journal, JournalError } from "./journal.ts";
import type { KubeObject } from "./kube-object.ts";
import { Store } from "./store.ts";

let folder = "";
let file = "";

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "journal-"));
  file = path.join(folder, "cluster.data");
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

function thing(name: string, data: KubeObject["data"] = null): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "default", uid: `uid-${name}`, resourceVersion: "", creationTimestamp: "" },
    data,
  };
}

const contents = (store: Store): KubeObject[] =>
  store
    .collection("configmaps")
    .list()
    .map((entry) => entry.object);

test("a restart finds the same objects under the same versions, and goes on counting", () => {
  const first = new Store(new Journal(file));
  first.put("configmaps", thing("a"));
  first.put("configmaps", thing("b", { n: 1787400005123456795n }));
  first.put("configmaps", thing("a", { changed: "yes" }));
  first.put("configmaps", thing("gone"));
  first.remove("configmaps", "default/gone");
  const before = contents(first);
  const { revision } = first;
  // no close: the process was killed

  const second = new Store(new Journal(file));
  expect(contents(second)).toEqual(before);
  expect(second.revision).toBe(revision);
  expect(second.put("configmaps", thing("c")).revision).toBe(revision + 1);
  expect(contents(second)[1]?.["data"]).toEqual({ n: 1787400005123456795n });
});

test("the revision of a deletion survives although nothing else carries it", () => {
  const first = new Store(new Journal(file));
  first.put("configmaps", thing("a"));
  first.remove("configmaps", "default/a");
  expect(new Store(new Journal(file)).revision).toBe(first.revision);
  expect(new Store(new Journal(file)).revision).toBe(first.revision);
});

test("a watch cannot start before the restart", () => {
  const first = new Store(new Journal(file));
  const { revision } = first.put("configmaps", thing("a"));
  first.put("configmaps", thing("b"));
  const second = new Store(new Journal(file));
  expect(second.collection("configmaps").since(revision)).toBeNull();
  expect(second.collection("configmaps").since(second.revision)).toEqual([]);
});

test("a last line cut short by a crash is dropped, everything before it stays", () => {
  const first = new Store(new Journal(file));
  first.put("configmaps", thing("a"));
  first.put("configmaps", thing("b"));
  fs.truncateSync(file, fs.statSync(file).size - 10);
  expect(contents(new Store(new Journal(file))).map((object) => object.metadata.name)).toEqual(["a"]);
});

test.each([
  ["a file of something else", "hello\nworld\n", /is not a data file/],
  ["a file without a newline", "hello", /is not a data file/],
  [
    "a damaged line in the middle",
    '{"file":"poolboard cluster data","version":1}\n[1,2\n["","",5,null]\n',
    /:2: .*damaged/,
  ],
])("%s is refused and left alone", (_what, text, message) => {
  fs.writeFileSync(file, text);
  expect(() => new Store(new Journal(file))).toThrow(JournalError);
  expect(() => new Store(new Journal(file))).toThrow(message);
  expect(fs.readFileSync(file, "utf8")).toBe(text);
});

test("old versions are thrown out when they outweigh what lives", () => {
  const store = new Store(new Journal(file));
  const text = "x".repeat(1 << 20);
  for (let round = 0; round < 40; round++) store.put("configmaps", thing("big", { text, round }));
  expect(fs.statSync(file).size).toBeLessThan(36 << 20);
  expect(contents(new Store(new Journal(file)))[0]?.["data"]).toEqual({ text, round: 39 });
  expect(fs.readdirSync(folder)).toEqual(["cluster.data"]);
});

test("what was just loaded is all alive: the first write after it does not write everything again", () => {
  const store = new Store(new Journal(file));
  const text = "x".repeat(1 << 20);
  store.load(
    "configmaps",
    Array.from({ length: 40 }, (_, at) => thing(`big-${at}`, { text })),
  );
  const { ino } = fs.statSync(file);
  store.put("configmaps", thing("small"));
  expect(fs.statSync(file).ino).toBe(ino);
  expect(contents(new Store(new Journal(file)))).toHaveLength(41);
});
