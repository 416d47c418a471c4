import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { PodLists, type PodQuestion } from "./pod-lists.ts";
import { podFields, podOrder } from "./pod-order.ts";
import type { PodRow } from "./pod-row.ts";
import { PodTable } from "./pod-table.ts";
import { compareText } from "./table.ts";

const odd = (length: number) =>
  fc.string({
    unit: fc.constantFrom("a", "-", "ü", "\u{fffd}", "😀", "\ue000"),
    minLength: 1,
    maxLength: length,
  });
const uid = fc.oneof(fc.uuid(), fc.constantFrom("", "of a test", "C0FFEE00-0000-4000-8000-000000000000"));
const version = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom("", "007", "9007199254740993", "-0", "1e3", "restored"),
);
const ip = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
  fc.constantFrom("none", "10.0.0.300"),
);
const annotations = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.record({ 4: fc.constantFrom(null, '["a"]'), 6: fc.constant(null) }) },
);

const pod: fc.Arbitrary<PodRow> = fc.record({
  namespace: fc.constantFrom("", "a", "a-b", "b", "ä"),
  name: fc.oneof(fc.constantFrom("web", "web-0", "web-1", "db"), odd(3)),
  uid,
  revision: version,
  node: fc.constantFrom(null, "n1", "n2", "n10"),
  phase: fc.constantFrom("Running", "Pending", "<odd>"),
  hostNetwork: fc.boolean(),
  finished: fc.boolean(),
  evicted: fc.boolean(),
  ips: fc.oneof(fc.constant([]), fc.array(ip, { maxLength: 3 })),
  createdAt: fc.integer({ min: -5, max: 253_402_300_799 }),
  annotations,
  ipAddrs: fc.constantFrom(null, null, '["10.0.0.1"]'),
  gone: fc.constant(false),
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ put: pod }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ look: fc.constantFrom(...podFields) }) },
);

const keyOf = ({ namespace, name }: PodRow) => JSON.stringify([namespace, name]);
const byKey = (rows: Iterable<PodRow>) =>
  [...rows].sort((one, other) => compareText(keyOf(one), keyOf(other)));

/** The order said as plainly as can be. */
function inOrder(rows: readonly PodRow[], field: (typeof podFields)[number]): PodRow[] {
  const nulls = (one: string | null, other: string | null) =>
    one === other ? 0 : one === null ? 1 : other === null ? -1 : compareText(one, other);
  const rank = (of: unknown) => ["number", "bigint", "string", "undefined"].indexOf(typeof of);
  const byIp = ({ ips: [one] }: PodRow, { ips: [other] }: PodRow) =>
    rank(one) - rank(other) ||
    (one === undefined || other === undefined || one === other ? 0 : one < other ? -1 : 1);
  return rows.toSorted(
    (one, other) =>
      (field === "ip" ? byIp(one, other) : 0) ||
      (field === "createdAt" ? one.createdAt - other.createdAt : 0) ||
      (field === "node" ? nulls(one.node, other.node) : 0) ||
      (field === "phase" ? compareText(one.phase, other.phase) : 0) ||
      (field === "name" ? compareText(one.name, other.name) : 0) ||
      compareText(one.namespace, other.namespace) ||
      compareText(one.name, other.name),
  );
}

const finished = (table: PodTable) => ({
  key: "finished",
  isIn: (slot: number) => table.isFinished(slot),
  revision: 0,
});
const rowsOf = (table: PodTable, slots: Uint32Array) => Array.from(slots, (slot) => table.row(slot));

test("after any puts and removes it answers as a map of rows would, and its lists as a fresh sort", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const table = new PodTable();
      const lists = new PodLists(table);
      const model = new Map<string, PodRow>();
      for (const one of steps) {
        if ("put" in one) {
          expect(table.put(one.put)).toEqual(model.get(keyOf(one.put)) ?? null);
          model.set(keyOf(one.put), one.put);
        } else if ("remove" in one) {
          const row = [...model.values()][one.remove % Math.max(1, model.size)];
          const { namespace, name } = row ?? { namespace: "a", name: "never there" };
          expect(table.remove(namespace, name)).toEqual(row ? { ...row, gone: true } : null);
          if (row) model.delete(keyOf(row));
        } else {
          const { look: field } = one;
          const rows = [...model.values()];
          expect(await lists.ask({ field, filter: null }, null, (slots) => rowsOf(table, slots))).toEqual(
            inOrder(rows, field),
          );
          const some = await lists.ask({ field, filter: finished(table) }, null, (slots) =>
            rowsOf(table, slots),
          );
          expect(some).toEqual(
            inOrder(
              rows.filter((row) => row.finished),
              field,
            ),
          );
        }
      }
      expect(byKey(table)).toEqual(byKey(model.values()));
      expect(table.size).toBe(model.size);
      for (const row of model.values()) {
        expect(table.get(row.namespace, row.name)).toEqual(row);
        expect(table.holds(row)).toBe(row.revision !== "");
        expect(table.holds({ ...row, revision: `${row.revision}1` })).toBe(false);
      }
      for (const namespace of ["", "a", "a-b", "c"]) {
        const group = [...model.values()].filter((row) => row.namespace === namespace);
        expect(byKey(table.group(namespace))).toEqual(byKey(group));
        expect(table.groupSize(namespace)).toBe(group.length);
      }
      expect(byKey(Array.from(table.asking(), (slot) => table.row(slot)))).toEqual(
        byKey([...model.values()].filter((row) => row.annotations !== null || row.ipAddrs !== null)),
      );
    }),
    { numRuns: 150 },
  );
});

function plain(name: string, more: Partial<PodRow> = {}): PodRow {
  return {
    namespace: "a",
    name,
    uid: "",
    revision: "1",
    node: null,
    phase: "Running",
    hostNetwork: false,
    finished: false,
    evicted: false,
    ips: [],
    createdAt: 0,
    annotations: null,
    ipAddrs: null,
    gone: false,
    ...more,
  };
}

test("names come and go many times: they are found, and their bytes do not pile up", () => {
  const table = new PodTable();
  for (let round = 0; round < 30; round++) {
    for (let index = 0; index < 400; index++) table.put(plain(`${"pod".repeat(20)}-${round}-${index}`));
    for (let index = 0; index < 400; index += round === 29 ? 2 : 1)
      table.remove("a", `${"pod".repeat(20)}-${round}-${index}`);
  }
  expect([...table].map(({ name }) => name).sort()).toEqual(
    Array.from({ length: 200 }, (_, index) => `${"pod".repeat(20)}-29-${index * 2 + 1}`).sort(),
  );
  expect(table.get("a", `${"pod".repeat(20)}-29-1`)).not.toBeNull();
  expect(table.names.bytes.length).toBeLessThan(200_000);
});

test("what a new list leaves out is told", () => {
  const table = new PodTable();
  for (const name of ["x", "y", "z"]) table.put(plain(name));
  const keeper = table.keeper();
  table.put(plain("new"));
  for (const name of ["x", "new"]) keeper.keep(plain(name));
  for (const { namespace, name } of keeper.rest()) table.remove(namespace, name);
  expect([...table].map(({ name }) => name).sort()).toEqual(["new", "x"]);
});

describe("lists of many pods", () => {
  const many = 30_000;
  const table = () => {
    const made = new PodTable();
    for (let index = 0; index < many; index++)
      made.put(
        plain(`pod-${(index * 7_919) % many}`, {
          ips: [(index * 104_729) % many],
          finished: index % 3 === 0,
        }),
      );
    return made;
  };
  const isSorted = (of: PodTable, slots: Uint32Array, { field }: PodQuestion) => {
    const compare = podOrder(of, field);
    return slots.every((slot, at) => at === 0 || compare(slots[at - 1] ?? 0, slot) < 0);
  };

  test("are right although pods change while they are made, and equal questions are worked on once", async () => {
    const pods = table();
    const lists = new PodLists(pods);
    let tests = 0;
    const isIn = (slot: number) => {
      tests += 1;
      return pods.isFinished(slot);
    };
    const question: PodQuestion = { field: "ip", filter: { key: "finished", isIn, revision: 0 } };
    const asked = [1, 2, 3].map(() =>
      lists.ask(question, null, (slots) => [slots.length, isSorted(pods, slots, question)]),
    );
    pods.remove("a", "pod-0");
    pods.put(plain("pod-7919", { ips: [5], finished: true }));
    pods.put(plain("another", { ips: [6], finished: true }));
    const expected = [...pods].filter(({ finished: is }) => is).length;
    expect(await Promise.all(asked)).toEqual([1, 2, 3].map(() => [expected, true]));
    expect(tests).toBeLessThan(many * 1.1);
    // One change costs one look, and not all of them.
    tests = 0;
    pods.remove("a", "another");
    expect(await lists.ask(question, null, (slots) => slots.length)).toBe(expected - 1);
    expect(tests).toBeLessThan(10);
  });

  test("whoever gives up is told at once, and the work stops when nobody is left", async () => {
    const pods = table();
    const lists = new PodLists(pods);
    let tests = 0;
    const slow = (slot: number) => {
      tests += 1;
      // Longer than a slice for every thousand.
      if (tests % 1_000 === 0) for (const end = performance.now() + 9; performance.now() < end;);
      return slot >= 0;
    };
    const control = new AbortController();
    const asked = lists.ask(
      { field: "namespace", filter: { key: "slow", isIn: slow, revision: 0 } },
      control.signal,
      () => 0,
    );
    await vi.waitUntil(() => tests > 0, { interval: 1 });
    control.abort();
    await expect(asked).rejects.toThrow(/abort/);
    const before = tests;
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(tests - before).toBeLessThan(3_000);
    expect(tests).toBeLessThan(many);
  });

  test("an answer from before the rest changed does not do", async () => {
    const pods = table();
    const lists = new PodLists(pods);
    let isIn = true;
    const countAt = (revision: number) => {
      const filter = { key: "joined", isIn: () => isIn, revision };
      return lists.ask({ field: "name", filter }, null, (slots) => slots.length);
    };
    expect(await countAt(1)).toBe(many);
    isIn = false;
    expect(await countAt(1)).toBe(many);
    expect(await countAt(2)).toBe(0);
    isIn = true;
    expect(await countAt(1)).toBe(0);
  });
});
