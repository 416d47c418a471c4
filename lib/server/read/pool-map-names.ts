import type { Ids, Narrow } from "../../contract/pool-map-container.ts";

/** Names once, numbers for them in the rows: 0 is none, n + 1 is `names[n]`. */
export class NameColumn<Name> {
  readonly names: Name[] = [];
  private readonly ids = new Map<Name, number>();
  /** Rows that have each name. */
  private readonly uses: number[] = [];
  private unused = 0;
  /** Two bytes a row while that does. */
  private rows: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

  constructor(rows: number) {
    this.rows = new Uint16Array(rows);
  }

  /** Names that no row has any more; they keep their numbers. */
  get idle(): number {
    return this.unused;
  }

  /** A row whose name is not set has none. Whether that is news. */
  set(row: number, name: Name): boolean {
    return this.put(row, this.ids.get(name) ?? this.add(name));
  }

  /** Whether the row had a name. */
  clear(row: number): boolean {
    return this.put(row, 0);
  }

  column(): Ids {
    return this.rows;
  }

  private add(name: Name): number {
    const id = this.names.push(name);
    this.ids.set(name, id);
    this.uses.push(0);
    this.unused += 1;
    if (id === 0x1_0000) this.rows = new Uint32Array(this.rows);
    return id;
  }

  private put(row: number, id: number): boolean {
    const before = this.rows[row] ?? 0;
    if (before === id) return false;
    this.rows[row] = id;
    this.use(before, -1);
    this.use(id, 1);
    return true;
  }

  private use(id: number, by: 1 | -1): void {
    if (id === 0) return;
    const before = this.uses[id - 1] ?? 0;
    this.uses[id - 1] = before + by;
    if (before === 0) this.unused -= 1;
    else if (before + by === 0) this.unused += 1;
  }
}

/** The same numbers in one byte each, where that does. */
export function narrow(values: Uint16Array<ArrayBuffer>): Narrow {
  // Counting up takes a tenth of what `every` or `for … of` takes, and maps have many rows.
  for (let row = 0; row < values.length; row++) if ((values[row] ?? 0) > 0xff) return values;
  return new Uint8Array(values);
}
