import { expect, test } from "vitest";
import { countText, formatCount, formatPercent, percentOf, shortCount } from "./count.ts";
import { visibleText } from "./visible-text.ts";

test.each([
  [0, "0"],
  ["65536", "65,536"],
  [2n ** 32n, "4,294,967,296"],
])("counts %s as %s", (value, text) => {
  expect(formatCount(value)).toBe(text);
  expect(countText(value)).toBe(text);
});

test.each([
  [2n ** 64n, "2^64"],
  [2n ** 64n - 27011n, "2^64"],
  ["288230376151711744", "2^58"],
  [3n * 2n ** 60n, "≈2^62"],
])("writes %s as a power", (value, text) => expect(countText(value)).toBe(text));

test.each([
  [9999, "9,999"],
  [28533, "28.5k"],
  [2n ** 64n, "2^64"],
])("shortens %s to %s", (value, text) => expect(shortCount(value)).toBe(text));

test.each([
  ["951", "1024", "93 %"],
  [27011n, 2n ** 64n, "<1 %"],
  [0, 0, "0 %"],
])("%s of %s is %s", (part, whole, text) => expect(formatPercent(part, whole)).toBe(text));

test("shares of huge wholes stay exact", () => {
  expect(percentOf(2n ** 63n, 2n ** 64n)).toBe(50);
  expect(percentOf(1, 0)).toBe(0);
});

test("nothing in a foreign text stays invisible", () => {
  expect(visibleText("a\u0000b\u202egnp.exe\u200b\u007f")).toBe("a␀b[U+202E]gnp.exe[U+200B]␡");
  expect(visibleText("a\nb\tc", true)).toBe("a\nb\tc");
});
