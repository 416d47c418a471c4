import { describe, expect, test } from "vitest";
import { ProblemError } from "../problem.ts";
import { readManifest } from "./manifest.ts";

/** The errors of the only document. */
function errorsOf(text: string) {
  const [document, ...others] = readManifest(text);
  expect(others).toEqual([]);
  return document?.errors ?? [];
}

function refusal(text: string): ProblemError {
  try {
    readManifest(text);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error("not refused");
}

test("documents come in their order, empty ones left out", () => {
  const values = readManifest("# head\n---\n---\na: 1\n---\n# nothing\n---\nb: [x, 'yes', \"026\"]\n...\n");
  expect(values.map(({ value }) => value)).toEqual([{ a: 1 }, { b: ["x", "yes", "026"] }]);
});

describe("words that readers understand differently are refused by field", () => {
  test.each([
    ["026", "spec.blockSize"],
    ["0o32", "spec.blockSize"],
    ["0x1a", "spec.blockSize"],
    ["2.6e1", "spec.blockSize"],
    ["26.0", "spec.blockSize"],
    ["1_000", "spec.blockSize"],
    ["1:30", "spec.blockSize"],
    [".inf", "spec.blockSize"],
    ["yes", "spec.natOutgoing"],
    ["No", "spec.natOutgoing"],
    ["on", "spec.natOutgoing"],
    ["y", "spec.natOutgoing"],
    ["!!str yes", "spec.natOutgoing"],
    ["!mine x", ""],
    ["&a x", "spec.natOutgoing"],
  ])("%s", (word, field) => {
    const [error, ...others] = errorsOf(`spec:\n  ${field.split(".")[1] ?? "x"}: ${word}\n`);
    expect(others).toEqual([]);
    expect(error?.field).toBe(field);
  });

  test("the same words in quotes, and plain ones, are taken", () => {
    expect(
      errorsOf("a: '026'\nb: \"yes\"\nc: true\nd: 26\ne: -1\nf: ~\ng: 2026-11-24T10:00:00Z\nh: |\n  yes\n"),
    ).toEqual([]);
  });
});

test.each([
  ["a: 1\na: 2", "a", "appears twice"],
  ["<<: {a: 1}", "", 'has a key "<<"'],
  ["__proto__: {a: 1}", "", 'has a key "__proto__"'],
  ["1: x", "", "has a key that is not text"],
  ["? [a]\n: x", "", "has a key that is not text"],
  ["a: &x [1]\nb: *x", "a", "uses an anchor (&); write the value out"],
  ["hello", "", "is not an object with apiVersion, kind, metadata and spec"],
  ["- a", "", "is not an object with apiVersion, kind, metadata and spec"],
])("%j", (text, field, message) => {
  expect(errorsOf(text)[0]).toEqual({ field, message });
});

test("one document that cannot be read does not take the others with it", () => {
  const documents = readManifest("a: [\n---\nb: 1\n");
  expect(documents.map(({ value }) => value)).toEqual([null, { b: 1 }]);
  expect(documents[0]?.errors).toHaveLength(1);
});

test.each([
  ["not YAML at all", "a: [", "invalid-yaml"],
  ["tabs", "a:\n\tb: 1", "invalid-yaml"],
  ["nothing", "", "invalid-fields"],
  ["comments alone", "# a\n---\n# b\n", "invalid-fields"],
  ["51 documents", "a: 1\n---\n".repeat(51), "invalid-fields"],
])("%s: nothing could be read", (_, text, code) => {
  expect(refusal(text).code).toBe(code);
});

test.each([
  ["brackets in one line", "[".repeat(250_000), /a line of more than/],
  ["brackets, one a line", "[\n".repeat(9_000), /./],
  ["maps in one line", "a: ".repeat(5_000), /./],
  ["lists in one line", "- ".repeat(8_000), /./],
  [
    "a flood of keys",
    Array.from({ length: 20_000 }, (_, index) => `k${index}: v`).join("\n"),
    /more than 10000 lines/,
  ],
])("%s end quickly", (_, text, message) => {
  expect(() => readManifest(text)).toThrow(message);
});

test("twenty levels are enough for anybody", () => {
  expect(errorsOf("a: " + "[".repeat(21) + "]".repeat(21))[0]?.message).toMatch(/nested more than 20/);
});
