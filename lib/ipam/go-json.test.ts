import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeStringList, goSyntaxError } from "./go-json.ts";

const errors: readonly [string, string][] = [
  ["external-pool", "invalid character 'e' looking for beginning of value"],
  ["pool-a", "invalid character 'p' looking for beginning of value"],
  ["new-pool", "invalid character 'e' in literal null (expecting 'u')"],
  ["true-pool", "invalid character '-' after top-level value"],
  ["fast", "invalid character 's' in literal false (expecting 'l')"],
  ["n", "invalid character ' ' in literal null (expecting 'u')"],
  ["tru", "invalid character ' ' in literal true (expecting 'e')"],
  ['"external-pool"', "json: cannot unmarshal string into Go value of type []string"],
  ["['external-pool']", "invalid character '\\'' looking for beginning of value"],
  ["", "unexpected end of JSON input"],
  ["  ", "unexpected end of JSON input"],
  ["[", "unexpected end of JSON input"],
  ['["a"', "unexpected end of JSON input"],
  ['["a', "unexpected end of JSON input"],
  ['["a",', "unexpected end of JSON input"],
  ['["a",]', "invalid character ']' looking for beginning of value"],
  ['["a" "b"]', "invalid character '\"' after array element"],
  ['["a"}', "invalid character '}' after array element"],
  ['["a"]x', "invalid character 'x' after top-level value"],
  ['["a"],["b"]', "invalid character ',' after top-level value"],
  ["10.64.0.0/20", "invalid character '.' after top-level value"],
  ["[10.64.0.0/20]", "invalid character '.' after array element"],
  ["[1]", "json: cannot unmarshal number into Go value of type string"],
  ["[true]", "json: cannot unmarshal bool into Go value of type string"],
  ["[{}]", "json: cannot unmarshal object into Go value of type string"],
  ['[["a"]]', "json: cannot unmarshal array into Go value of type string"],
  ['["a", 1, true]', "json: cannot unmarshal number into Go value of type string"],
  ["1", "json: cannot unmarshal number into Go value of type []string"],
  ["false", "json: cannot unmarshal bool into Go value of type []string"],
  ['{"a":"b"}', "json: cannot unmarshal object into Go value of type []string"],
  ["{a}", "invalid character 'a' looking for beginning of object key string"],
  ['{"a"}', "invalid character '}' after object key"],
  ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ["-x", "invalid character 'x' in numeric literal"],
  ["-", "invalid character ' ' in numeric literal"],
  ["1.x", "invalid character 'x' after decimal point in numeric literal"],
  ["1e+", "invalid character ' ' in exponent of numeric literal"],
  ["01", "invalid character '1' after top-level value"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
  ['["a\nb"]', "invalid character '\\n' in string literal"],
  ['["a\u0001"]', "invalid character '\\x01' in string literal"],
  ["\\", "invalid character '\\\\' looking for beginning of value"],
  ["\u00e9", "invalid character 'Ã' looking for beginning of value"],
  ["“external-pool”", "invalid character 'â' looking for beginning of value"],
  ["\u00a0[]", "invalid character 'Â' looking for beginning of value"],
  ["[".repeat(10_001), "exceeded max depth"],
];

test.each(errors)("%s", (text, error) => {
  expect(decodeStringList(text)).toEqual({ ok: false, error });
});

test.each([
  ['["a"]', ["a"]],
  [' [ "a" ,\t"b"\r\n] ', ["a", "b"]],
  ["[]", []],
  ["null", []],
  ["[null]", [""]],
  ['["\\u0061"]', ["a"]],
])("%s is %o", (text, values) => {
  expect(decodeStringList(text)).toEqual({ ok: true, values });
});

test("Go and JavaScript agree on what is JSON", () => {
  const parses = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const nearlyJson = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", ",", "]", "}", '"', "1", "-", ".", "e", "\\", "n", " ", "\n"),
    )
    .map(([json, at, extra]) => {
      const cut = at % (json.length + 1);
      return json.slice(0, cut) + extra + json.slice(cut + 1);
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), nearlyJson), (text) => {
      expect(goSyntaxError(text) === null).toBe(parses(text));
    }),
    { numRuns: 2000 },
  );
});
