import type { Names } from "./sort-rows.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Less garbage than this is left where it is. */
const littleGarbage = 65_536;

/**
 * Namespace and name of every row in columns, and the row of a namespace and name. Names are UTF-8 in one heap: a third of what
 * strings and the entries of a Map take. What is no text (a lone surrogate) becomes U+FFFD, as on its way to a browser.
 */
export class PodNames implements Names {
  /** Ids of the interner, by row. */
  namespaces = new Uint32Array(0);
  at = new Uint32Array(0);
  lengths = new Uint32Array(0);
  bytes = new Uint8Array(0);
  private end = 0;
  private garbage = 0;
  private count = 0;
  /** Row + 1 at the hash of its name or the next free place; 0: free. Never more than three quarters full. */
  private places = new Int32Array(16);
  /** The name that was last looked for. */
  private word = new Uint8Array(256);
  private wordLength = 0;
  private wordHash = 0;

  /** Room for so many rows. */
  grow(rows: number): void {
    this.namespaces = grown(this.namespaces, rows);
    this.at = grown(this.at, rows);
    this.lengths = grown(this.lengths, rows);
  }

  /** The row of this name; -1: there is none. */
  find(namespace: number, name: string): number {
    this.spell(name);
    const { places, bytes, word, wordLength, namespaces, at, lengths } = this;
    const mask = places.length - 1;
    this.wordHash = hashOf(namespace, word, 0, wordLength);
    for (let place = this.wordHash & mask; ; place = (place + 1) & mask) {
      const row = (places[place] ?? 0) - 1;
      if (row < 0) return -1;
      if (namespaces[row] !== namespace || lengths[row] !== wordLength) continue;
      const start = at[row] ?? 0;
      let same = 0;
      while (same < wordLength && bytes[start + same] === word[same]) same += 1;
      if (same === wordLength) return row;
    }
  }

  /** The name that was last looked for with `find`, in this namespace, and not there. */
  addSought(row: number, namespace: number): void {
    const { wordLength } = this;
    if (this.end + wordLength > this.bytes.length)
      this.bytes = grown(this.bytes, roomFor(this.end + wordLength));
    this.bytes.set(this.word.subarray(0, wordLength), this.end);
    this.namespaces[row] = namespace;
    this.at[row] = this.end;
    this.lengths[row] = wordLength;
    this.end += wordLength;
    this.count += 1;
    if (this.count * 4 > this.places.length * 3) this.rehash();
    this.enter(row, this.wordHash);
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

  private rehash(): void {
    const { places } = this;
    this.places = new Int32Array(places.length * 2);
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

  /** The bytes of the name in `word`. Nearly every name is ASCII, and encoding it here takes half the time. */
  private spell(name: string): void {
    const most = name.length * 3;
    if (this.word.length < most) this.word = new Uint8Array(most);
    const { word } = this;
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at);
      if (code > 127) {
        this.wordLength = encoder.encodeInto(name, word).written;
        return;
      }
      word[at] = code;
    }
    this.wordLength = name.length;
  }
}

function hashOf(namespace: number, bytes: Uint8Array, start: number, length: number): number {
  let hash = Math.imul(namespace + 1, 0x9e3779b1);
  for (let at = start; at < start + length; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) ^ (hash >>> 12);
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
