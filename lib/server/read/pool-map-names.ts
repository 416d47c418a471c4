import type { Ids, Narrow } from "../../contract/pool-map-container.ts";

/** Names once, numbers for them in the rows: 0 is none, n + 1 is `names[n]`. */
export class NameColumn<Name> {
  readonly names: Name[] = [];
  private readonly ids = new Map<Name, number>();
  /** Two bytes a row while that does. */
  private rows: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

  constructor(rows: number) {
    this.rows = new Uint16Array(rows);
  }

  /** A row whose name is not set has none. */
  set(row: number, name: Name): void {
    let id = this.ids.get(name);
    if (id === undefined) {
      this.names.push(name);
      this.ids.set(name, (id = this.names.length));
      if (id === 0x1_0000) this.rows = new Uint32Array(this.rows);
    }
    this.rows[row] = id;
  }

  clear(row: number): void {
    this.rows[row] = 0;
  }

  column(): Ids {
    return this.rows;
  }
}

/** The same numbers in one byte each, where that does. */
export function narrow(values: Uint16Array<ArrayBuffer>): Narrow {
  // Counting up takes a tenth of what `every` or `for … of` takes, and maps have many rows.
  for (let row = 0; row < values.length; row++) if ((values[row] ?? 0) > 0xff) return values;
  return new Uint8Array(values);
}
