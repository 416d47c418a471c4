import fc from "fast-check";
import { expect, test } from "vitest";
import { duplicateKeys } from "./duplicate-keys.ts";

test.each([
  ['{"a":1,"b":2}', []],
  ['{"a":1,"a":2}', ["a"]],
  ['{"spec":{"cidr":"a","x":{"cidr":1},"cidr":"b"}}', ["spec.cidr"]],
  ['[{"a":1},{"a":1,"b":{"c":[],"c":{}}}]', ["[1].b.c"]],
  ['{"a\\"":1,"a\\u0022":2}', ['a"']],
  ['{"a":"{\\"b\\":1,\\"b\\":2}","b":-1.5e3,"c":null, "b" : true}', ["b"]],
])("%s", (text, expected) => {
  expect(duplicateKeys(text)).toEqual(expected);
});

test("JSON without doubled keys has none, however it is written", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, space) => {
      expect(duplicateKeys(JSON.stringify(value, null, space))).toEqual([]);
    }),
  );
});
