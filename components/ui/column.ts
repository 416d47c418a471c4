/** What a column sorts by and exports. Null sorts last in either direction. */
export type CellValue = string | number | bigint | boolean | null;

/** One column of a table: `value` is for sorting, filtering and export; `cell` is for the eye. Define at module level. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly value: (row: Row) => CellValue;
  readonly cell?: (row: Row) => React.ReactNode;
  readonly align?: "start" | "end";
  /** Pixels; columns without it share what is left. */
  readonly width?: number;
  /** Not shown until chosen under “Columns”. */
  readonly optional?: boolean;
  readonly sortable?: boolean;
  /** False: a control, not data; left out of CSV. */
  readonly exported?: boolean;
  /** At the right end of the head: a legend. */
  readonly headNote?: React.ReactNode;
}

export interface Sort {
  readonly id: string;
  readonly desc: boolean;
}

/** Reads `-used` or `used`; null for text that names no sortable column. */
export function parseSort<Row>(text: string | null, columns: readonly Column<Row>[]): Sort | null {
  if (text === null) return null;
  const desc = text.startsWith("-");
  const id = desc ? text.slice(1) : text;
  return columns.some((column) => column.id === id && column.sortable !== false) ? { id, desc } : null;
}

export function formatSort(sort: Sort): string {
  return sort.desc ? `-${sort.id}` : sort.id;
}

/** Orders two cell values; text by code units with digit runs as numbers, so that `10.0.0.9` comes before `10.0.0.10`. */
export function compareValues(a: CellValue, b: CellValue): number {
  if (a === b) return 0;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The rows in the order of a column, null last in either direction; equal ones keep theirs. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { id, desc }: Sort,
): readonly Row[] {
  const column = columns.find((each) => each.id === id);
  if (column === undefined) return rows;
  const valued = rows.map((row) => ({ row, value: column.value(row) }));
  valued.sort((a, b) =>
    desc && a.value !== null && b.value !== null
      ? compareValues(b.value, a.value)
      : compareValues(a.value, b.value),
  );
  return valued.map(({ row }) => row);
}

const digitRuns = /(\d+)/;

function compareText(a: string, b: string): number {
  const left = a.split(digitRuns);
  const right = b.split(digitRuns);
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const x = left[index] ?? "";
    const y = right[index] ?? "";
    if (x === y) continue;
    // Odd places are the digit runs.
    if (index % 2 === 1 && Number(x) !== Number(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

/**
 * RFC 4180 text of the rows, one line each after the heads: every column, shown or not, except controls. A cell that a
 * spreadsheet would run as a formula is quoted with `'`.
 */
export function toCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const data = columns.filter((column) => column.exported !== false);
  const lines = [
    data.map((column) => column.header),
    ...rows.map((row) => data.map((column) => asText(column.value(row)))),
  ];
  return lines.map((cells) => `${cells.map(quote).join(",")}\r\n`).join("");
}

function asText(value: CellValue): string {
  return value === null ? "" : String(value);
}

/** What begins a formula, full-width forms included. A number that is negative is none. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
const plainNumber = /^-?\d+(\.\d+)?$/;

function quote(cell: string): string {
  const safe = formula.test(cell) && !plainNumber.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
