import type { Ids, Narrow } from "../../contract/pool-map-container.ts";

/** Names once, numbers for them in the rows: 0 is none, n + 1 is `names[n]`. */
export class NameColumn<Name> {
  readonly names: Name[] = [];
  private readonly ids = new Map<Name, number>();
  private readonly rows: Uint32Array<ArrayBuffer>;

  constructor(rows: number) {
    this.rows = new Uint32Array(rows);
  }

  /** A row whose name is not set has none. */
  set(row: number, name: Name): void {
    let id = this.ids.get(name);
    if (id === undefined) {
      this.names.push(name);
      this.ids.set(name, (id = this.names.length));
    }
    this.rows[row] = id;
  }

  clear(row: number): void {
    this.rows[row] = 0;
  }

  column(): Ids {
    return this.names.length <= 0xffff ? Uint16Array.from(this.rows) : this.rows;
  }
}

/** The same numbers in one byte each, where that does. */
export function narrow(values: Uint16Array<ArrayBuffer>): Narrow {
  return values.every((value) => value <= 0xff) ? Uint8Array.from(values) : values;
}
