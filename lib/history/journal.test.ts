import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Journal, type JournalFilter, type JournalRow } from "./journal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "poolboard-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const day = 86_400_000;
const now = Date.parse("2026-11-30T12:00:00Z");

const amended = { body: "{}", result: "done", text: "", worker: null };
const row = (id: string, changes: Partial<JournalRow> = {}): JournalRow => ({
  id,
  cluster: "one",
  at: now,
  person: null,
  action: "disable",
  kind: "IPPool",
  namespace: null,
  name: "external-pool",
  result: "done",
  dryRun: false,
  unidentified: false,
  text: id,
  worker: null,
  body: JSON.stringify({ id }),
  ...changes,
});

const everything = { limit: 1_000, offset: 0 };
const ids = (journal: Journal, filter: Partial<JournalFilter> = {}, page = {}) =>
  journal
    .list({ clusters: ["one"], ...filter }, { ...everything, ...page })
    .bodies.map((body) => (JSON.parse(body) as { id: string }).id);

function filled(): Journal {
  const journal = new Journal(null);
  journal.add(row("a", { at: now - 3, person: "alice", text: "alice external-pool 10.0.0.1" }));
  journal.add(row("b", { at: now - 2, person: "bob", action: "enable", result: "conflict" }));
  journal.add(row("c", { at: now - 1, kind: "Namespace", name: "default", action: "assign" }));
  journal.add(row("d", { at: now, kind: null, name: null, action: null, dryRun: true, text: "100% _like_" }));
  journal.add(row("x", { cluster: "other" }));
  return journal;
}

test.each<[string, Partial<JournalFilter>, string[]]>([
  ["everything, newest first", {}, ["d", "c", "b", "a"]],
  ["another cluster", { clusters: ["other"] }, ["x"]],
  ["one", { id: "b" }, ["b"]],
  ["a person", { person: "alice" }, ["a"]],
  ["an action", { action: "enable" }, ["b"]],
  ["a kind", { kind: "Namespace" }, ["c"]],
  ["a name", { name: "external-pool" }, ["b", "a"]],
  ["a result", { result: "conflict" }, ["b"]],
  ["without dry runs", { dryRuns: false }, ["c", "b", "a"]],
  ["with dry runs", { dryRuns: true }, ["d", "c", "b", "a"]],
  ["since", { since: now - 1 }, ["d", "c"]],
  ["until", { until: now - 2 }, ["b", "a"]],
  ["words, all of them", { words: ["alice", "10.0"] }, ["a"]],
  ["words that are not there", { words: ["alice", "bob"] }, []],
  ["signs that SQL knows", { words: ["%", "_like"] }, ["d"]],
  ["a kind that may not be seen", { hiddenKinds: ["IPPool"] }, ["d", "c"]],
  ["nothing of which the kind is not known", { withoutKind: false }, ["c", "b", "a"]],
  ["all together", { person: "bob", kind: "IPPool", since: now - 2, until: now - 2 }, ["b"]],
  ["text that would be SQL", { person: "' OR 1=1 --" }, []],
])("filter: %s", (_name, filter, expected) => {
  expect(ids(filled(), filter)).toEqual(expected);
});

test("sorted by what is there, nothing last; in pages", () => {
  const journal = filled();
  expect(ids(journal, {}, { sort: { by: "person", desc: false } })).toEqual(["a", "b", "c", "d"]);
  expect(ids(journal, {}, { sort: { by: "object", desc: true } })).toEqual(["c", "b", "a", "d"]);
  expect(ids(journal, {}, { limit: 2, offset: 1 })).toEqual(["c", "b"]);
  expect(journal.list({ clusters: ["one"] }, { limit: 1, offset: 3 })).toMatchObject({ total: 4 });
});

test("what is added is there again when the file is opened again", () => {
  const file = join(folder, "journal");
  const first = new Journal(file);
  first.add(row("a"));
  first.amend("a", () => ({ ...amended, body: '{"id":"changed"}' }));
  first.close();
  expect(ids(new Journal(file))).toEqual(["changed"]);
});

test("two have one file open: each sees what the other adds, none is lost", () => {
  const file = join(folder, "journal");
  const [one, other] = [new Journal(file), new Journal(file)];
  for (let index = 0; index < 50; index += 1) {
    one.add(row(`one-${index}`));
    other.add(row(`other-${index}`));
  }
  expect(ids(one)).toHaveLength(100);
  expect(ids(other)).toEqual(ids(one));
});

test("what is amended is found by what it is now", () => {
  const journal = new Journal(null);
  journal.add(row("a", { result: "unknown" }));
  journal.amend("a", (body) => ({ ...amended, body, result: "done", text: "late" }));
  expect(ids(journal, { result: "unknown" })).toEqual([]);
  expect(ids(journal, { result: "done", words: ["late"] })).toEqual(["a"]);
});

test("amending: what it may leave alone, what is not there, and nothing half when it fails", () => {
  const journal = filled();
  expect(journal.amend("a", () => null)).toBe(true);
  expect(journal.amend("nothing", () => amended)).toBe(false);
  const failing = () => {
    throw new Error("no");
  };
  expect(() => journal.amend("a", failing)).toThrow("no");
  journal.add(row("e"));
  expect(ids(journal, { id: "a" })).toEqual(["a"]);
});

test("unfinished are those that somebody still works on", () => {
  const journal = new Journal(null);
  journal.add(row("a", { worker: "host:1" }));
  journal.add(row("b", { worker: "host:2" }));
  journal.amend("a", (body) => ({ ...amended, body }));
  expect(journal.unfinished()).toMatchObject([{ id: "b", worker: "host:2" }]);
});

test("the newest of an object after an entry", () => {
  const journal = filled();
  const of = { clusters: ["one"], kind: "IPPool", name: "external-pool" };
  expect(journal.newestAfter("a", of)).toBe('{"id":"b"}');
  expect(journal.newestAfter("b", of)).toBeNull();
});

test("entries under a cluster's first name follow it to its real one", () => {
  const journal = filled();
  journal.adopt("other", "one");
  expect(ids(journal)).toContain("x");
});

describe("forgets", () => {
  test("what is older than the days", () => {
    const journal = new Journal(null, { days: 90 });
    journal.add(row("old", { at: now - 91 * day }));
    journal.add(row("young", { at: now - 89 * day }));
    journal.prune(now);
    expect(ids(journal)).toEqual(["young"]);
  });

  test("the oldest beyond the count, and those of nobody sooner", () => {
    const journal = new Journal(null, { entries: 10, unidentified: 2 });
    for (let index = 0; index < 15; index += 1)
      journal.add(row(`n${index}`, { unidentified: index % 3 === 0 }));
    journal.prune(now);
    expect(ids(journal)).toEqual(["n14", "n13", "n12", "n11", "n10", "n9", "n8", "n7", "n5"]);
  });

  test("by itself after some time", () => {
    const journal = new Journal(null, { entries: 10 });
    for (let index = 0; index < 1_100; index += 1) journal.add(row(`n${index}`));
    expect(ids(journal).length).toBeLessThan(200);
  });
});

test("a file of a newer version is left alone", () => {
  const file = join(folder, "journal");
  const database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 99");
  database.close();
  expect(() => new Journal(file)).toThrow(/newer version \(99\)/);
});
