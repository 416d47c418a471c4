import { type Cells, differing } from "@/lib/contract/pool-map-differing.ts";

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
