import { expect, test } from "vitest";
import { compareResourceVersions, isOlder } from "./resource-version.ts";

test.each<[string, string, number | null]>([
  ["9", "10", -1],
  ["10", "9", 1],
  ["10", "10", 0],
  ["9007199254740993", "9007199254740992", 1],
  ["18446744073709551616", "9", 1],
  ["abc", "abc", 0],
  ["abc", "abd", null],
  ["1", "abc", null],
  ["0", "1", null],
  ["01", "1", null],
  ["", "1", null],
  ["-1", "1", null],
])("compare %s with %s: %s", (a, b, expected) => {
  const order = compareResourceVersions(a, b);
  expect(order === null ? null : Math.sign(order)).toBe(expected);
  expect(isOlder(a, b)).toBe(expected === -1);
});
