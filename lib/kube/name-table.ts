const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Less garbage than this is left where it is. */
const littleGarbage = 65_536;

/**
 * Namespace and name of every row in columns, and the row of a namespace and name. Names are UTF-8 in one heap: a third of what
 * strings and the entries of a Map take. What is no text (a lone surrogate) becomes U+FFFD, as on its way to a browser.
 */
export class NameTable {
  /** Numbers that whoever fills the table has for them, by row. */
  namespaces = new Uint32Array(0);
  at = new Uint32Array(0);
  lengths = new Uint32Array(0);
  bytes = new Uint8Array(0);
  private end = 0;
  private garbage = 0;
  private count = 0;
  /** Row + 1 at the hash of its name or the next free place; 0: free. Never more than three quarters full. */
  private places = new Int32Array(16);
  /** The name that was last looked for, in the free room at `end`. */
  private soughtLength = 0;
  private soughtHash = 0;

  get size(): number {
    return this.count;
  }

  /** Room for so many rows. */
  grow(rows: number): void {
    this.rehash(rows);
    this.namespaces = grown(this.namespaces, rows);
    this.at = grown(this.at, rows);
    this.lengths = grown(this.lengths, rows);
  }

  /** The row of this name; -1: there is none. */
  find(namespace: number, name: string): number {
    this.spell(namespace, name);
    const { places, bytes, end, soughtLength, namespaces, at, lengths } = this;
    const mask = places.length - 1;
    for (let place = this.soughtHash & mask; ; place = (place + 1) & mask) {
      const row = (places[place] ?? 0) - 1;
      if (row < 0) return -1;
      if (namespaces[row] !== namespace || lengths[row] !== soughtLength) continue;
      const start = at[row] ?? 0;
      let same = 0;
      while (same < soughtLength && bytes[start + same] === bytes[end + same]) same += 1;
      if (same === soughtLength) return row;
    }
  }

  /** The name that was last looked for with `find`, in this namespace, and not there. */
  addSought(row: number, namespace: number): void {
    this.namespaces[row] = namespace;
    this.at[row] = this.end;
    this.lengths[row] = this.soughtLength;
    this.end += this.soughtLength;
    this.count += 1;
    if (this.count * 4 > this.places.length * 3) this.rehash(this.count);
    this.enter(row, this.soughtHash);
  }

  remove(row: number): void {
    const { places } = this;
    const mask = places.length - 1;
    let hole = this.hash(row) & mask;
    while (places[hole] !== row + 1) hole = (hole + 1) & mask;
    places[hole] = 0;
    // Whoever had to go further because of it comes back, or would not be found any more.
    for (let place = (hole + 1) & mask; places[place] !== 0; place = (place + 1) & mask) {
      const home = this.hash((places[place] ?? 0) - 1) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      places[hole] = places[place] ?? 0;
      places[place] = 0;
      hole = place;
    }
    this.count -= 1;
    this.garbage += this.lengths[row] ?? 0;
    this.lengths[row] = 0;
    if (this.garbage > littleGarbage && this.garbage * 3 > this.end) this.compact();
  }

  text(row: number): string {
    const start = this.at[row] ?? 0;
    return decoder.decode(this.bytes.subarray(start, start + (this.lengths[row] ?? 0)));
  }

  private hash(row: number): number {
    return hashOf(this.namespaces[row] ?? 0, this.bytes, this.at[row] ?? 0, this.lengths[row] ?? 0);
  }

  private enter(row: number, hash: number): void {
    const { places } = this;
    const mask = places.length - 1;
    let place = hash & mask;
    while (places[place] !== 0) place = (place + 1) & mask;
    places[place] = row + 1;
  }

  /** Room for so many names, which fill three quarters of it at most. */
  private rehash(count: number): void {
    const { places } = this;
    let length = places.length;
    while (count * 4 > length * 3) length *= 2;
    if (length === places.length) return;
    this.places = new Int32Array(length);
    for (const entry of places) if (entry !== 0) this.enter(entry - 1, this.hash(entry - 1));
  }

  /** Bytes of removed names are given back. Rows without a name have length 0. */
  private compact(): void {
    const { at, lengths } = this;
    const old = this.bytes;
    const bytes = new Uint8Array(roomFor(this.end - this.garbage));
    let end = 0;
    for (let row = 0; row < lengths.length; row++) {
      const length = lengths[row] ?? 0;
      const start = at[row] ?? 0;
      at[row] = end;
      for (let offset = 0; offset < length; offset++) bytes[end + offset] = old[start + offset] ?? 0;
      end += length;
    }
    this.bytes = bytes;
    this.end = end;
    this.garbage = 0;
  }

  /** The bytes of the name, and their hash. Nearly every name is ASCII, and encoding it here takes half the time. */
  private spell(namespace: number, name: string): void {
    const { end } = this;
    if (this.bytes.length < end + name.length * 3)
      this.bytes = grown(this.bytes, roomFor(end + name.length * 3));
    const { bytes } = this;
    let hash = startOfHash(namespace);
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at);
      if (code > 127) {
        this.soughtLength = encoder.encodeInto(name, bytes.subarray(end)).written;
        this.soughtHash = hashOf(namespace, bytes, end, this.soughtLength);
        return;
      }
      bytes[end + at] = code;
      hash = Math.imul(hash ^ code, factorOfHash);
    }
    this.soughtLength = name.length;
    this.soughtHash = endOfHash(hash);
  }
}

const factorOfHash = 0x01000193;

function startOfHash(namespace: number): number {
  return Math.imul(namespace + 1, 0x9e3779b1);
}

function endOfHash(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 12);
}

function hashOf(namespace: number, bytes: Uint8Array, start: number, length: number): number {
  let hash = startOfHash(namespace);
  for (let at = start; at < start + length; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), factorOfHash);
  return endOfHash(hash);
}

/** A sixteenth more than is needed now: growing costs a copy, room costs memory. */
export function roomFor(needed: number): number {
  return needed + (needed >> 4) + 1_024;
}

export function grown<Column extends Uint8Array | Uint32Array | Float64Array>(
  old: Column,
  length: number,
): Column {
  const Kind = old.constructor as new (length: number) => Column;
  const column = new Kind(length);
  column.set(old);
  return column;
}
