import { expect, test } from "vitest";
import { changeText, fieldChanges, valuesBefore, valueText } from "./activity-diff.ts";

test.each<[unknown, string]>([
  [true, "yes"],
  [false, "no"],
  [null, "none"],
  ["", "none"],
  [[], "none"],
  [["a", "b"], "a, b"],
  [26, "26"],
  ["all()", "all()"],
  [{ a: 1 }, '{"a":1}'],
  [[1, { b: 2 }], '[1,{"b":2}]'],
])("%j reads %s", (value, text) => {
  expect(valueText(value)).toBe(text);
});

type Fields = Record<string, unknown> | null;

test.each<[string, "update" | "create" | "delete" | null, Fields, Fields, string | null]>([
  ["a change", "update", { disabled: false }, { disabled: true }, "Disabled: no → yes"],
  ["what stays is left out", "update", { a: 1, b: 1 }, { a: 1, b: 2 }, "b: 1 → 2"],
  ["what it was is not known", "update", null, { disabled: true }, "Disabled: yes"],
  ["a created pool", "create", null, { cidr: "10.0.0.0/24", disabled: false }, "10.0.0.0/24"],
  [
    "a deleted reservation",
    "delete",
    { cidrs: ["10.0.0.0/30", "10.1.0.0/30"] },
    null,
    "10.0.0.0/30, 10.1.0.0/30",
  ],
  ["nothing known", null, null, null, null],
  [
    "names that objects have of their own",
    "update",
    { constructor: 1 },
    { toString: 2 },
    "toString: 2; constructor: 1 → ?",
  ],
])("%s in one line", (_name, action, from, to, text) => {
  expect(changeText({ action, from, to })).toBe(text);
});

test("all fields, or those that change", () => {
  const entry = { from: { disabled: false, natOutgoing: true }, to: { disabled: true, natOutgoing: true } };
  expect(fieldChanges(entry).map(({ field }) => field)).toEqual(["disabled"]);
  expect(fieldChanges(entry, true).map(({ field }) => field)).toEqual(["disabled", "natOutgoing"]);
});

test("an undo sets what was changed, and nothing else", () => {
  expect(valuesBefore({ from: { a: 1, b: [1] }, to: { a: 2, b: [1] } })).toEqual({ a: 1 });
  expect(valuesBefore({ from: null, to: { a: 2 } })).toEqual({});
});
