import { expect, test } from "vitest";
import { formatAge } from "./age.ts";
import { countText, formatCount, formatPercent, shortCount } from "./count.ts";
import { visibleText } from "./visible-text.ts";

test.each([
  [0, "0"],
  [999, "999"],
  [26218, "26,218"],
  ["65536", "65,536"],
  [2n ** 32n - 1n, "4,294,967,295"],
])("counts %s as %s", (value, text) => {
  expect(formatCount(value)).toBe(text);
  expect(countText(value)).toBe(text);
});

test.each([
  [2n ** 64n, "2^64"],
  [2n ** 64n - 27011n, "2^64"],
  [2n ** 58n, "2^58"],
  [3n * 2n ** 60n, "≈2^62"],
])("writes %s as a power", (value, text) => expect(countText(value)).toBe(text));

test.each([
  [9999, "9,999"],
  [28533, "28.5k"],
  [999_950, "1.0M"],
  [2n ** 64n, "2^64"],
])("shortens %s to %s", (value, text) => expect(shortCount(value)).toBe(text));

test.each([
  [0, 64, "0 %"],
  [11, 4096, "<1 %"],
  [951, 1024, "93 %"],
  [4095, 4096, ">99 %"],
  [64, 64, "100 %"],
  [0, 0, "0 %"],
  [27011n, 2n ** 64n, "<1 %"],
])("%s of %s is %s", (part, whole, text) => expect(formatPercent(part, whole)).toBe(text));

test.each([
  [0.4, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [3 * 3600 + 1, "3 h"],
  [11.9 * 86400, "11 d"],
  [2.45 * 365.25 * 86400, "2.4 y"],
])("%s seconds old is %s", (seconds, text) => expect(formatAge(seconds)).toBe(text));

test("nothing in a foreign text stays invisible", () => {
  expect(visibleText("a\u0000b\u202egnp.exe\u200b\u007f")).toBe("a␀b[U+202E]gnp.exe[U+200B]␡");
  expect(visibleText("a\nb\tc", true)).toBe("a\nb\tc");
});
