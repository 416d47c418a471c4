import * as fc from "fast-check";
import { expect, test } from "vitest";
import { heldAround, movedBy } from "./held.ts";

const named = (...names: string[]) => names.map((name) => ({ name }));
const before = named("a", "b", "c", "d", "e", "f", "g", "h", "i");

/** What was read from place 100 on, looked at in its middle. */
const held = (exact: boolean) => heldAround(before, 100, 104, exact) ?? { rows: [], exact };

test.each<[string, string[], number, number | null, number | null]>([
  ["nothing has changed", [..."abcdefghi"], 100, 0, 0],
  ["two came before", [..."xyabcdefghi"], 100, 2, 2],
  ["two went before", [..."cdefghi"], 100, -2, -2],
  ["the window begins elsewhere", [..."efghijkl"], 104, 0, 0],
  ["the row itself is gone", [..."abcdfghi"], 100, 0, 0],
  ["the row itself went to the end", [..."abcdfghie"], 100, 4, -1],
  ["none of them is there", [..."uvwxyz"], 100, null, null],
])("%s", (_what, rows, start, exactly, about) => {
  expect(movedBy(held(true), named(...rows), start)).toBe(exactly);
  const moved = movedBy(held(false), named(...rows), start);
  if (about === null) expect(moved).toBeNull();
  else expect(Math.abs((moved ?? Number.NaN) - about)).toBeLessThanOrEqual(1);
});

test("a place that is not among the rows holds nothing", () => {
  for (const place of [99, 109]) expect(heldAround(before, 100, place, true)).toBeNull();
});

test("whatever comes and goes before it, a row is found where it is", () => {
  const lists = fc.uniqueArray(fc.nat(10_000), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(lists, lists, fc.nat(), (names, others, at) => {
      const rows = names.map((name) => ({ name }));
      const place = at % rows.length;
      const row = rows[place];
      const come = others.filter((name) => !names.includes(name)).map((name) => ({ name }));
      const gone = new Set(rows.slice(0, place).filter((_row, index) => index % 3 === 0));
      const after = [...come, ...rows.filter((each) => !gone.has(each))];
      const looked = heldAround(rows, 0, place, true);
      expect(looked && movedBy(looked, after, 0)).toBe(
        after.findIndex(({ name }) => name === row?.name) - place,
      );
    }),
  );
});
