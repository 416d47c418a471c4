import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseLossless, stringifyLossless } from "./lossless-json.ts";

const cases: readonly [string, unknown][] = [
  ['{"a":1787400005123456789}', { a: 1787400005123456789n }],
  ['{ "a" : -1787400005123456789 }', { a: -1787400005123456789n }],
  ["1787400005123456789", 1787400005123456789n],
  [" [1787400005123456789, 3]\n", [1787400005123456789n, 3]],
  ['{"a":9007199254740991}', { a: 9007199254740991 }],
  ['{"a":9007199254740993}', { a: 9007199254740993n }],
  ['{"a":1234567890123456.5}', { a: 1234567890123456.5 }],
  ['{"a":"1787400005123456789"}', { a: "1787400005123456789" }],
  [
    '{"a":"b:1787400005123456789,","c":1787400005123456789}',
    { a: "b:1787400005123456789,", c: 1787400005123456789n },
  ],
  [
    '{"a":"\\u00011787400005123456789","b":1787400005123456789}',
    { a: "\u00011787400005123456789", b: 1787400005123456789n },
  ],
  ['{"__proto__":1787400005123456789}', JSON.parse('{"__proto__":0}')],
];

test.each(cases)("%s", (text, value) => {
  const parsed = parseLossless(text);
  if (text.includes("__proto__")) {
    expect(Object.getOwnPropertyDescriptor(parsed, "__proto__")?.value).toBe(1787400005123456789n);
  } else {
    expect(parsed).toEqual(value);
  }
});

test.each([
  '{"a":1787400005123456789',
  '{"a":01787400005123456789}',
  '{"a":1787400005123456789x}',
  '["1787400005123456789]',
])("%s is refused", (text) => {
  expect(() => parseLossless(text)).toThrow(SyntaxError);
});

test("very deep text is read", () => {
  const depth = 20_000;
  const text = `${"[".repeat(depth)}1787400005123456789${"]".repeat(depth)}`;
  let inner = parseLossless(text);
  for (let level = 0; level < depth; level++) inner = Array.isArray(inner) ? inner[0] : inner;
  expect(inner).toBe(1787400005123456789n);
});

const tricky = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "x:1787400005123456789,",
    '["1787400005123456789]',
    "\u00011787400005123456789",
    "1787400005123456789",
  ),
);
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    tricky,
    fc.integer(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(
      tricky.filter((key) => key !== "__proto__"),
      tie("any"),
      { maxKeys: 4 },
    ),
  ),
})).any;

test("what is written is read back", () => {
  fc.assert(
    fc.property(value, fc.constantFrom(0, 2), (original, space) => {
      expect(parseLossless(stringifyLossless(original, space))).toEqual(original);
    }),
  );
});
