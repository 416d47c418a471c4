import { expect, test } from "vitest";
import { type Column, compareValues, formatSort, parseSort, toCsv } from "./column.ts";

interface Row {
  name: string;
  used: bigint | null;
}
const columns: readonly Column<Row>[] = [
  { id: "name", header: "Name", value: (row) => row.name },
  { id: "used", header: "In use", value: (row) => row.used },
  { id: "switch", header: "On", value: () => null, sortable: false },
];

test.each([
  [null, null],
  ["used", { id: "used", desc: false }],
  ["-used", { id: "used", desc: true }],
  ["switch", null],
  ["nonsense", null],
])("sort %s from the address bar", (text, sort) => {
  expect(parseSort(text, columns)).toEqual(sort);
  if (sort) expect(formatSort(sort)).toBe(text);
});

test.each([
  ["10.0.0.9", "10.0.0.10", -1],
  ["pool-2", "pool-10", -1],
  ["a", "b", -1],
  [1n, 2n, -1],
  [2n ** 64n, 7, 1],
  [null, 5, 1],
  ["x", "x", 0],
] as const)("%s against %s", (a, b, sign) => {
  expect(Math.sign(compareValues(a, b))).toBe(sign);
  expect(Math.sign(compareValues(b, a))).toBe(sign === 0 ? 0 : -sign);
});

test("CSV quotes what needs it and disarms formulas", () => {
  const rows = [
    { name: 'a "b", c', used: 2n ** 64n },
    { name: "=HYPERLINK(1)", used: null },
  ];
  expect(toCsv(columns.slice(0, 2), rows)).toBe(
    'Name,In use\r\n"a ""b"", c",18446744073709551616\r\n\'=HYPERLINK(1),\r\n',
  );
});
