import fc from "fast-check";
import { expect, test } from "vitest";
import { keyed, list, map, object, text } from "../schema/build.ts";
import type { Schema } from "../schema/schema.ts";
import type { Json, JsonObject } from "../store/json.ts";
import { commonPaths, isEmptySet, minusSets, readFieldSet, unionSets } from "./field-set.ts";
import { mergeApplied, withoutFields } from "./merge-applied.ts";
import { compareFields, fieldsOf } from "./value-fields.ts";

const schema: Schema = object("Anything.", {
  labels: map("Labels.", text("A label.")),
  items: keyed(
    "Members.",
    "name",
    object("A member.", { name: text("Its name."), value: text("Its value.") }),
  ),
  set: list("A set.", text("A member."), { "x-kubernetes-list-type": "set" }),
  atom: list("One value.", text("A part.")),
});

const word = fc.constantFrom("a", "b", "c");
const value = fc.record(
  {
    labels: fc.dictionary(word, word, { minKeys: 1 }),
    items: fc.uniqueArray(fc.record({ name: word, value: word }), {
      selector: (item) => item.name,
      minLength: 1,
    }),
    set: fc.uniqueArray(word, { minLength: 1 }),
    atom: fc.array(word, { minLength: 1 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const plain = (input: Json): unknown => JSON.parse(JSON.stringify(input));

test("an object laid over itself, or over nothing, is itself", () => {
  fc.assert(
    fc.property(value, (input) => {
      expect(plain(mergeApplied(schema, input, input))).toEqual(plain(input));
      expect(plain(mergeApplied(schema, {}, input))).toEqual(plain(input));
    }),
  );
});

test("taking away all of an object's fields leaves nothing", () => {
  fc.assert(
    fc.property(value, (input) => {
      expect(withoutFields(schema, input, fieldsOf(schema, input, "applied"))).toEqual({});
    }),
  );
});

test("what applying adds and then takes back leaves the object as it was", () => {
  fc.assert(
    fc.property(value, value, (live, applied) => {
      const mine = fieldsOf(schema, applied, "applied");
      const theirs = fieldsOf(schema, live, "applied");
      const merged = mergeApplied(schema, live, applied);
      const back = withoutFields(schema, merged, minusSets(mine, theirs));
      const { changed, removed } = compareFields(schema, live, back as JsonObject);
      expect(removed).toEqual({});
      expect(minusSets(fieldsOf(schema, back, "applied"), theirs)).toEqual({});
      expect(commonPaths(changed, mine).length).toBe(commonPaths(changed, changed).length);
    }),
  );
});

test("sets of fields behave like sets", () => {
  const set = value.map((input) => fieldsOf(schema, input, "applied"));
  fc.assert(
    fc.property(set, set, (a, b) => {
      expect(isEmptySet(minusSets(a, a))).toBe(true);
      expect(unionSets(a, a)).toEqual(a);
      expect(minusSets(minusSets(a, b), b)).toEqual(minusSets(a, b));
      expect(isEmptySet(minusSets(unionSets(a, b), unionSets(b, a)))).toBe(true);
      expect(commonPaths(minusSets(a, b), b)).toEqual([]);
      expect(readFieldSet(plain(a))).toEqual(a);
    }),
  );
});

test.each<[string, JsonObject, JsonObject, object, object]>([
  ["a new label", { labels: { a: "1" } }, { labels: { a: "1", b: "2" } }, { "f:labels": { "f:b": {} } }, {}],
  ["another value", { labels: { a: "1" } }, { labels: { a: "2" } }, { "f:labels": { "f:a": {} } }, {}],
  [
    "a member gone",
    { items: [{ name: "a" }, { name: "b" }] },
    { items: [{ name: "b" }] },
    {},
    { "f:items": { 'k:{"name":"a"}': {} } },
  ],
  ["an atom changed", { atom: ["a"] }, { atom: ["b"] }, { "f:atom": {} }, {}],
  [
    "a set member",
    { set: ["a"] },
    { set: ["b"] },
    { "f:set": { 'v:"b"': {} } },
    { "f:set": { 'v:"a"': {} } },
  ],
  [
    "members in another order",
    { items: [{ name: "a" }, { name: "b" }] },
    { items: [{ name: "b" }, { name: "a" }] },
    {},
    {},
  ],
])("%s", (_what, before, after, changed, removed) => {
  expect(compareFields(schema, before, after)).toEqual({ changed, removed });
});
