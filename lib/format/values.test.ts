import { describe, expect, test } from "vitest";
import { formatAge } from "./age.ts";
import { countParts, formatCount, formatShortCount } from "./count.ts";
import { formatCsv } from "./csv.ts";
import { formatG5, wholePercent } from "./go-number.ts";
import { formatPercent } from "./percent.ts";
import { goPrettyTable, tablewriterTable, tabwriterTable } from "./text-table.ts";

describe("numbers as calicoctl prints them", () => {
  test.each([
    [0n, "0"],
    [7n, "7"],
    [10n, "10"],
    [65540n, "65540"],
    [-9223372036854775808n, "-9.2234e+18"],
    [200000n, "2e+05"],
    [4096n, "4096"],
    [65536n, "65536"],
    [99999n, "99999"],
    [100000n, "1e+05"],
    [131072n, "1.3107e+05"],
    [1048576n, "1.0486e+06"],
    [16777216n, "1.6777e+07"],
    [2n ** 32n, "4.295e+09"],
    [2n ** 80n, "1.2089e+24"],
    [2n ** 64n, "1.8447e+19"],
    [2n ** 128n, "3.4028e+38"],
  ])("%d is %s", (count, text) => {
    expect(formatG5(count)).toBe(text);
  });

  test.each([
    ...[1, 2, 3, 4, 5, 8, 12, 24, 40, 52, 56, 59, 61, 63].map((part, at) => [
      part,
      64,
      [2, 3, 5, 6, 8, 12, 19, 38, 62, 81, 88, 92, 95, 98][at],
    ]),
    [9, 4096, 0],
    [4087, 4096, 100],
    [0, 0, 0],
    [1, 8, 12],
    [3, 8, 38],
  ])("%d of %d is %d percent", (part, whole, percent) => {
    expect(wholePercent(BigInt(part ?? 0), BigInt(whole ?? 0))).toBe(percent);
  });
});

test.each([
  [0n, 4096n, "0 %"],
  [11n, 4096n, "<1 %"],
  [951n, 1024n, "93 %"],
  [4087n, 4096n, ">99 %"],
  [4096n, 4096n, "100 %"],
  [1n, 2n ** 64n, "<1 %"],
  [8n, 64n, "12 %"],
])("%d of %d reads %s", (part, whole, text) => {
  expect(formatPercent(part, whole)).toBe(text);
});

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [26218, "26,218"],
  [4294967296n, "4,294,967,296"],
])("count %d is %s", (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [9999, "9,999"],
  [10000, "10k"],
  [28460, "28.5k"],
  [150000, "150k"],
  [999949, "999.9k"],
  [999950, "1M"],
  [3_140_000, "3.1M"],
])("in navigation %d is %s", (count, text) => {
  expect(formatShortCount(count)).toBe(text);
});

test.each([
  [65536n, { kind: "digits", text: "65,536" }],
  [2n ** 32n, { kind: "digits", text: "4,294,967,296" }],
  [2n ** 64n, { kind: "power", base: 2, exponent: 64, exact: true }],
  [2n ** 64n - 27n, { kind: "power", base: 2, exponent: 64, exact: false }],
  [2n ** 128n, { kind: "power", base: 2, exponent: 128, exact: true }],
])("%d as parts", (count, parts) => {
  expect(countParts(count)).toEqual(parts);
});

test.each([
  [-5, "0 s"],
  [41.9, "41 s"],
  [60, "1 min"],
  [3599, "59 min"],
  [3 * 3600, "3 h"],
  [11 * 86400, "11 d"],
  [365 * 86400, "1.0 y"],
  [2.45 * 365 * 86400, "2.4 y"],
])("an age of %d s is %s", (seconds, text) => {
  expect(formatAge(seconds)).toBe(text);
});

describe("tables without rows", () => {
  const table = { header: ["A", "LONG"], rows: [] };
  test("are rule, header, rule, rule in both box styles, and a header alone in tabs", () => {
    const box = "+---+------+\n| A | LONG |\n+---+------+\n+---+------+\n";
    expect(goPrettyTable(table)).toBe(box);
    expect(tablewriterTable(table)).toBe(box);
    expect(tabwriterTable(table)).toBe("A    LONG   \n\n");
  });
});

test("CSV quotes what needs it and disarms formulas", () => {
  const rows = [
    ["a,b", 'say "x"'],
    ["=1+1", "two\nlines"],
  ];
  expect(formatCsv({ header: ["x", "y"], rows })).toBe('x,y\r\n"a,b","say ""x"""\r\n\'=1+1,"two\nlines"\r\n');
});
