import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatSelector, type Labels, matches, parseSelector, selectorProblem } from "./selector.ts";

const results: readonly [string, Labels, boolean][] = [
  ["", {}, true],
  [" \t ", {}, true],
  ["all()", {}, true],
  ["all( )", {}, true],
  ["global()", {}, true],
  ["!all()", { a: "b" }, false],
  ["zone == 'a'", { zone: "a" }, true],
  ["zone == 'a'", {}, false],
  ["zone != 'a'", {}, true],
  ["zone != 'a'", { zone: "a" }, false],
  ["!zone == 'a'", { zone: "b" }, true],
  ["zone in {'a','b',}", { zone: "b" }, true],
  ["zone in {}", { zone: "b" }, false],
  ["zone not in {}", { zone: "b" }, true],
  ["zone notin {'a'}", {}, true],
  ["zone not  in {'a'}", { zone: "a" }, false],
  ["a startswith 'x' || b endswith 'z' && has(c)", { a: "xy" }, true],
  ["a starts with 'x' || b ends with 'z' && has(c)", { b: "z" }, false],
  ["(a == 'x' || b == 'y') && !has(c)", { b: "y" }, true],
  ["!!has(a)", { a: "" }, true],
  ["has( a )", {}, false],
  ["kubernetes.io/os == 'linux'", { "kubernetes.io/os": "linux" }, true],
  ["contains contains 'x'", { contains: "axb" }, true],
  ["a contains ''", { a: "b" }, true],
  ["a contains ''", {}, false],
  ["a in{'x'}", { a: "x" }, true],
  ['a contains"v"', { a: "v" }, true],
  ["a=='b'&&c!='d'", { a: "b" }, true],
  ["A == 'b'", { a: "b" }, false],
  ["in in {'in'}", { in: "in" }, true],
  ["all == 'x'", { all: "x" }, true],
  ["-a == '\"'", { "-a": '"' }, true],
  ["has(constructor)", {}, false],
  ["toString == 'x'", {}, false],
];

test.each(results)("%s on %o is %s", (text, labels, result) => {
  expect(matches(parseSelector(text), labels)).toBe(result);
});

const errors: readonly [string, string][] = [
  ["b == b", "expected string"],
  ["b starts with b", 'expected operator after label "b"'],
  ["a b", 'expected operator after label "a"'],
  ["a and b == 'c'", 'expected operator after label "a"'],
  ["a inx", 'expected operator after label "a"'],
  ["a starts 'x'", 'expected operator after label "a"'],
  ["b", "unexpected end of string looking for op"],
  ["has (a)", "expected == or != not: TokLParen()"],
  ["all ()", "expected == or != not: TokLParen()"],
  ["has()", "expected identifier"],
  ["has(a", "no closing ')' after has("],
  ["has(a b)", "no closing ')' after has("],
  ["all(x)", "no closing ')' after all("],
  ["global(", "no closing ')' after global("],
  ["zone = 'a'", "expected =="],
  ["a == 'b' & c == 'd'", "expected &&"],
  ["a == 'b' | c == 'd'", "expected ||"],
  ["a == 'b", "unterminated string"],
  ['foo in ""', "expected set literal"],
  ['foo in {"", ||', "expected }"],
  ["foo in {'a' 'b'}", "expected }"],
  [
    "a == 'b' c == 'd'",
    "unexpected content at end of selector [TokLabel(c) TokEq() TokStringLiteral(d) TokEOF()]",
  ],
  ["all())", "unexpected content at end of selector [TokRParen() TokEOF()]"],
  ["a == 'b'\n", "expected identifier"],
  ["a\n== 'b'", 'expected operator after label "a"'],
  ["(a == 'b'", "expected )"],
  ["()", "unexpected token: TokRParen()"],
  ["!", "unexpected token: TokEOF()"],
  ["has(foo) &&", "unexpected token: TokEOF()"],
  ["'a' == 'b'", "unexpected token: TokStringLiteral(a)"],
  ["a , 'b'", "expected == or != not: TokComma()"],
  ["é == 'b'", "expected identifier"],
  [`${"x".repeat(513)} == 'b'`, `label too long: ${"x".repeat(513)}`],
  ["(".repeat(100_000), "nested deeper than 500 parentheses"],
];

test.each(errors)("%s is refused", (text, message) => {
  expect(selectorProblem(text)).toBe(message);
});

const texts: readonly [string, string][] = [
  ["", "all()"],
  ["global( )", "global()"],
  ["a=='b'&&c=='d'", '(a == "b" && c == "d")'],
  ["a == 'b' || c == 'd' && e != 'f'", '(a == "b" || (c == "d" && e != "f"))'],
  [`a == 'say "x"'`, `a == 'say "x"'`],
  ["k in {'b','a','b'}", 'k in {"a", "b"}'],
  ["k notin { }", "k not in {}"],
  ["a startswith 'x'", 'a starts with "x"'],
  ["!(a == 'x' || has(b))", '!(a == "x" || has(b))'],
  ["!!!has(a)", "!has(a)"],
  ["((a == 'b'))", 'a == "b"'],
];

test.each(texts)("%s is written %s", (text, canonical) => {
  expect(formatSelector(parseSelector(text))).toBe(canonical);
});

const label = fc.stringMatching(/^[A-Za-z0-9_./-]{1,8}$/);
const literal = fc.string({ maxLength: 4 }).map((value) => value.replaceAll("'", ""));
const selectorText = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("all()", "global()"),
    label.map((name) => `has(${name})`),
    fc
      .tuple(label, fc.constantFrom("==", "!=", "contains", "starts with", "ends with"), literal)
      .map(([name, operator, value]) => `${name} ${operator} '${value}'`),
    fc
      .tuple(label, fc.constantFrom("in", "not in"), fc.array(literal, { maxLength: 3 }))
      .map(([name, operator, values]) => `${name} ${operator} {${values.map((v) => `'${v}'`).join(",")}}`),
    tie("any").map((inner) => `!(${inner})`),
    fc
      .tuple(tie("any"), fc.constantFrom("&&", "||"), tie("any"))
      .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
  ),
})).any;

test("canonical text means the same", () => {
  fc.assert(
    fc.property(selectorText, fc.dictionary(label, fc.string({ maxLength: 4 })), (text, labels) => {
      const selector = parseSelector(text);
      const again = parseSelector(formatSelector(selector));
      expect(matches(again, labels)).toBe(matches(selector, labels));
    }),
  );
});

test("any text is read or refused with a SelectorError", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const problem = selectorProblem(text);
      expect(problem === null || problem.length > 0).toBe(true);
    }),
  );
});
