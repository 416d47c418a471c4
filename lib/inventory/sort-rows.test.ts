import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SortInput, type SortKey, sortRows } from "./sort-rows.ts";
import { sorted } from "./sort-thread.ts";
import { compareText } from "./table.ts";

const text = fc.string({
  unit: fc.constantFrom("a", "b", "-", "z", "ä", "\ue000", "\uffee", "😀"),
  maxLength: 4,
});
const item = fc.record({
  number: fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constant(Number.NaN),
    fc.constant(2 ** 60),
    fc.constant(0.5),
  ),
  id: fc.integer({ min: 0, max: 5 }),
  name: text,
});
type Item = typeof item extends fc.Arbitrary<infer Value> ? Value : never;

const texts = new Map([
  [1, "node-b"],
  [2, "node-a"],
  [4, "node-b"],
  [5, "\uffff"],
]);

function keyOf(field: keyof Item, items: readonly Item[], descending: boolean): SortKey {
  if (field === "number")
    return { kind: "numbers", values: Float64Array.from(items, (one) => one.number), descending };
  if (field === "id")
    return { kind: "texts", ids: Uint32Array.from(items, (one) => one.id), texts, descending };
  const encoded = items.map((one) => Buffer.from(one.name));
  const at = encoded.map((_, index) => Buffer.concat(encoded.slice(0, index)).length);
  return {
    kind: "names",
    bytes: Buffer.concat(encoded),
    at: Uint32Array.from(at),
    lengths: Uint32Array.from(encoded, (bytes) => bytes.length),
    descending,
  };
}

/** The same, said as plainly as can be. */
function compare(field: keyof Item, one: Item, other: Item): number {
  if (field === "name") return compareText(one.name, other.name);
  const value = (of: Item) => (field === "number" ? of.number : (texts.get(of.id) ?? Number.NaN));
  const [a, b] = [value(one), value(other)];
  const isNone = (each: number | string) => Number.isNaN(each);
  if (isNone(a) || isNone(b)) return Number(isNone(a)) - Number(isNone(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

const sortKeys = fc.array(
  fc.record({ field: fc.constantFrom<keyof Item>("number", "id", "name"), descending: fc.boolean() }),
  { minLength: 1, maxLength: 3 },
);

describe("rows by their keys", () => {
  test("are in the order that comparing them gives, and stay as they came where they are equal", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), sortKeys, fc.boolean(), (items, by, backwards) => {
        const rows = Uint32Array.from(items.keys());
        if (backwards) rows.reverse();
        const keys = by.map(({ field, descending }) => keyOf(field, items, descending));
        const expected = [...rows].sort((one, other) => {
          for (const { field, descending } of by) {
            const order = compare(field, items[one] as Item, items[other] as Item);
            if (order !== 0) return descending ? -order : order;
          }
          return 0;
        });
        expect([...sortRows({ rows, keys })]).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("the thread gives what the same sort here gives, whatever happens to the input meanwhile", async () => {
    const values = Float64Array.from({ length: 20_000 }, (_, row) => (row * 7_919) % 10_007);
    const rows = Uint32Array.from(values.keys());
    const input: SortInput = { rows, keys: [{ kind: "numbers", values }] };
    const expected = sortRows(input);
    const asked = sorted(() => input);
    values.fill(0);
    expect(await asked).toEqual(expected);
  });

  test("a thread that fails is made up for here", async () => {
    const rows = Uint32Array.from({ length: 10_000 }, (_, row) => row);
    const values = Float64Array.from(rows, (row) => -row);
    // A function cannot be sent to a thread.
    const input: SortInput = { rows, keys: [{ kind: "numbers", values }] };
    const unsendable = Object.assign(input, { note: () => {} });
    expect(await sorted(() => unsendable)).toEqual(rows.toReversed());
  });
});
