import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Row } from "./table.ts";
import { compareText, Table } from "./table.ts";

interface Item extends Row {
  readonly weight: number;
}

function item(namespace: string, name: string, weight: number): Item {
  return { namespace, name, uid: `${namespace}/${name}`, revision: String(weight), weight, gone: false };
}

const byName = (one: Item, other: Item) =>
  compareText(one.namespace, other.namespace) || compareText(one.name, other.name);
const byWeight = (one: Item, other: Item) => one.weight - other.weight || byName(one, other);

test("a row is found by namespace and name; a newer one replaces it", () => {
  const table = new Table<Item>();
  table.put(item("a", "x", 1));
  table.put(item("b", "x", 2));
  const before = table.put(item("a", "x", 3));
  expect(before?.weight).toBe(1);
  expect([table.size, table.get("a", "x")?.weight, table.get("a", "y"), table.groupSize("a")]).toEqual([
    2,
    3,
    null,
    1,
  ]);
  expect(table.remove("a", "x")?.weight).toBe(3);
  expect(table.remove("a", "x")).toBeNull();
  expect([table.size, [...table.group("a")]]).toEqual([1, []]);
});

test("names that JavaScript objects already have are ordinary names", () => {
  const table = new Table<Item>();
  table.put(item("constructor", "__proto__", 1));
  expect(table.get("constructor", "__proto__")?.weight).toBe(1);
  expect(table.get("toString", "valueOf")).toBeNull();
});

test("ordered views equal a fresh sort after any operations", () => {
  const operation = fc.record({
    remove: fc.boolean(),
    namespace: fc.constantFrom("a", "b", "c"),
    name: fc.constantFrom("1", "2", "3", "4", "5"),
    weight: fc.integer({ min: 0, max: 9 }),
    look: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
      const table = new Table<Item>();
      for (const { remove, namespace, name, weight, look } of operations) {
        if (remove) table.remove(namespace, name);
        else table.put(item(namespace, name, weight));
        if (!look) continue;
        expect(table.ordered("name", byName)).toEqual([...table].sort(byName));
        expect(table.ordered("weight", byWeight)).toEqual([...table].sort(byWeight));
      }
      expect(table.ordered("weight", byWeight)).toEqual([...table].sort(byWeight));
      expect(table.ordered("weight", byWeight)).toHaveLength(table.size);
    }),
    { numRuns: 200 },
  );
});

test("rows that were replaced are let go, whoever looked before and does so no more", async () => {
  const table = new Table<Item>();
  const rows: WeakRef<Item>[] = [];
  for (let round = 0; round < 5_000; round++) {
    const row = item("a", String(round % 50), round);
    rows.push(new WeakRef(row));
    table.put(row);
    if (round === 60) table.ordered("name", byName);
    if (round === 120) table.ordered("weight", byWeight);
  }
  await nextTurn();
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  expect(rows.filter((row) => row.deref() !== undefined).length).toBeLessThan(1_100);
  expect(table.ordered("weight", byWeight)).toEqual([...table].sort(byWeight));
});
