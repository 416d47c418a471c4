import { expect, test } from "vitest";
import { type Column, compareValues, formatSort, parseSort, sortRows, toCsv } from "./column.ts";

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

test.each([
  [{ id: "used", desc: false }, "b c a none"],
  // Null stands last in either direction, and equal ones keep their order.
  [{ id: "used", desc: true }, "a b c none"],
  [{ id: "name", desc: true }, "none c b a"],
  [{ id: "nonsense", desc: false }, "none a b c"],
])("rows by %o", (sort, order) => {
  const rows = [
    { name: "none", used: null },
    { name: "a", used: 10n },
    { name: "b", used: 9n },
    { name: "c", used: 9n },
  ];
  expect(
    sortRows(rows, columns, sort)
      .map(({ name }) => name)
      .join(" "),
  ).toBe(order);
});

test("CSV quotes what needs it, of every column that is data", () => {
  const rows = [
    { name: 'a "b", c', used: 2n ** 64n },
    { name: "two\nlines", used: null },
  ];
  const hidden = columns.map((column) => ({ ...column, optional: true }));
  expect(toCsv([...hidden.slice(0, 2), { ...hidden[2], exported: false } as Column<Row>], rows)).toBe(
    'Name,In use\r\n"a ""b"", c",18446744073709551616\r\n"two\nlines",\r\n',
  );
});

test.each([
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["+1", "'+1"],
  ["-1+2|cmd", "'-1+2|cmd"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["＝1", "'＝1"],
  ["-3", "-3"],
  ["-3.5", "-3.5"],
  ["10.0.0.1", "10.0.0.1"],
  ["fd00::1", "fd00::1"],
  ["a=b", "a=b"],
])("a spreadsheet does not run %j", (name, cell) => {
  expect(toCsv(columns.slice(0, 1), [{ name, used: null }])).toBe(`Name\r\n${cell}\r\n`);
});
