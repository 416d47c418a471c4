/**
 * Columns of whole numbers and texts in one one-byte string. A string costs 20 bytes beside what it holds, a typed array 200:
 * at twenty addresses a block that is a tenth of all that is kept of them. Each column has the width that its largest number
 * needs, so that one which says nothing (every address is its owner's) takes no room at all.
 *
 * The directory comes first, five bytes a column: u8 width, u32 start. Numbers are little-endian.
 */
const entrySize = 5;

/** The number at an index of a column; 0 everywhere in a column of no width. */
export function readNumber(bytes: string, column: number, index: number): number {
  const width = bytes.charCodeAt(column * entrySize);
  if (width === 0) return 0;
  const at = startOf(bytes, column) + index * width;
  const low = bytes.charCodeAt(at);
  if (width === 1) return low;
  if (width === 2) return low + bytes.charCodeAt(at + 1) * 0x1_00;
  let value = 0;
  for (let byte = width - 1; byte >= 0; byte--) value = value * 0x1_00 + bytes.charCodeAt(at + byte);
  return value;
}

/** Where a column begins in the string. */
export function startOf(bytes: string, column: number): number {
  const at = column * entrySize + 1;
  return (
    bytes.charCodeAt(at) +
    bytes.charCodeAt(at + 1) * 0x1_00 +
    bytes.charCodeAt(at + 2) * 0x1_00_00 +
    bytes.charCodeAt(at + 3) * 0x1_00_00_00
  );
}

/** Writes such a string, column after column, into room that is used again for the next one. */
export class ColumnWriter {
  private room = Buffer.allocUnsafeSlow(64 * 1024);
  private end = 0;
  private plain = true;

  /** No text of this string has been anything but ASCII so far. */
  get isPlain(): boolean {
    return this.plain;
  }

  /** Every column that is not written later is empty. */
  begin(columns: number): void {
    this.end = columns * entrySize;
    this.plain = true;
    this.room.fill(0, 0, this.end);
  }

  /** Writes a column: the first `count` of whole numbers from 0 to 2^53. */
  numbers(column: number, values: ArrayLike<number>, count: number): void {
    let largest = 0;
    for (let index = 0; index < count; index++) {
      const value = values[index] ?? 0;
      if (value > largest) largest = value;
    }
    const width = widthOf(largest);
    this.open(column, width);
    this.reserve(count * width);
    const { room } = this;
    let at = this.end;
    if (width === 1) {
      for (let index = 0; index < count; index++) room[at++] = values[index] ?? 0;
    } else if (width > 0) {
      for (let index = 0; index < count; index++) {
        let rest = values[index] ?? 0;
        for (let byte = 0; byte < width; byte++) {
          room[at++] = rest;
          rest = Math.floor(rest / 0x1_00);
        }
      }
    }
    this.end = at;
  }

  /** Begins a column of texts, which follow one by one before another column is written. */
  texts(column: number): void {
    this.open(column, 1);
  }

  /** Appends it, and returns how many bytes of UTF-8 it took. */
  text(text: string): number {
    const { length } = text;
    this.reserve(length * 3);
    const { room } = this;
    let at = this.end;
    // Names are ASCII, and shorter than a call into Buffer.write is worth: 3 times as fast.
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) {
        this.plain = false;
        const bytes = room.write(text, this.end, "utf8");
        this.end += bytes;
        return bytes;
      }
      room[at++] = code;
    }
    this.end = at;
    return length;
  }

  /** Appends the bytes that the hexadecimal digits from `from` on stand for; false: they are not lower-case digits, and nothing is appended. */
  hex(text: string, from: number): boolean {
    const { length } = text;
    this.reserve((length - from) / 2);
    const { room } = this;
    let at = this.end;
    for (let index = from; index < length; index += 2) {
      const high = digitOf(text.charCodeAt(index));
      const low = digitOf(text.charCodeAt(index + 1));
      if (high < 0 || low < 0) return false;
      room[at++] = high * 16 + low;
    }
    this.end = at;
    return true;
  }

  finish(): string {
    return this.room.toString("latin1", 0, this.end);
  }

  private open(column: number, width: number): void {
    this.room[column * entrySize] = width;
    this.room.writeUInt32LE(this.end, column * entrySize + 1);
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.room.length) return;
    const larger = Buffer.allocUnsafeSlow((this.end + bytes) * 2);
    this.room.copy(larger, 0, 0, this.end);
    this.room = larger;
  }
}

function widthOf(largest: number): number {
  if (largest === 0) return 0;
  if (largest < 0x1_00) return 1;
  if (largest < 0x1_00_00) return 2;
  let width = 3;
  for (let bound = 0x1_00_00_00; largest >= bound; bound *= 0x1_00) width += 1;
  return width;
}

/** By character code; -1: no lower-case hexadecimal digit. */
const digits = new Int8Array(128).fill(-1);
for (const [value, digit] of [..."0123456789abcdef"].entries()) digits[digit.charCodeAt(0)] = value;

function digitOf(code: number): number {
  return digits[code] ?? -1;
}
