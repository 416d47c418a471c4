/**
 * Columns of numbers in one answer, which a browser reads without copying:
 *
 *     bytes 0–3   what it is, four letters
 *     bytes 4–7   u32, little endian: length of the header in bytes, a multiple of 8
 *     header      JSON in UTF-8, filled up with blanks; its `columns` name what follows
 *     columns     in the order of `header.columns`, little endian, each filled up with zeros to a multiple of 8 bytes
 */
export interface ColumnEntry {
  readonly name: string;
  readonly type: ColumnType;
  readonly bytes: number;
}

type ColumnType = "u8" | "u16" | "u32" | "u64";
export type Column = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/** `columns` of the header are filled in here; a column that is null is left out. */
export function encodeColumns(
  magic: string,
  header: object,
  columns: Readonly<Record<string, Column | null>>,
): Uint8Array<ArrayBuffer> {
  const present = Object.entries(columns).flatMap(([name, values]) =>
    values ? [{ name, values, type: typeOf(values), bytes: values.byteLength }] : [],
  );
  const entries: ColumnEntry[] = present.map(({ name, type, bytes }) => ({ name, type, bytes }));
  const text = new TextEncoder().encode(JSON.stringify({ ...header, columns: entries }));
  const headerLength = padded(text.length);
  const length = present.reduce((sum, { bytes }) => sum + padded(bytes), 8 + headerLength);
  const out = new Uint8Array(length);
  out.set(new TextEncoder().encode(magic));
  new DataView(out.buffer).setUint32(4, headerLength, true);
  out.fill(0x20, 8, 8 + headerLength);
  out.set(text, 8);
  let at = 8 + headerLength;
  for (const { values, bytes } of present) {
    out.set(new Uint8Array(values.buffer, values.byteOffset, bytes), at);
    at += padded(bytes);
  }
  return out;
}

export interface Decoded<Header> {
  readonly header: Header;
  readonly columns: ReadonlyMap<string, Column>;
}

/** Reads what `encodeColumns` wrote; the columns look into the buffer. Throws RangeError on anything else. */
export function decodeColumns<Header extends { readonly columns: readonly ColumnEntry[] }>(
  magic: string,
  buffer: ArrayBuffer,
): Decoded<Header> {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(0, 4)) !== magic)
    throw new RangeError(`this does not begin with ${magic}`);
  const headerLength = new DataView(buffer).getUint32(4, true);
  const header = parseHeader<Header>(bytes.subarray(8, 8 + headerLength));
  const columns = new Map<string, Column>();
  let at = 8 + headerLength;
  for (const { name, type, bytes: length } of header.columns) {
    if (at + length > buffer.byteLength) throw new RangeError("the columns end early");
    columns.set(name, columnAt(buffer, at, type, length));
    at += padded(length);
  }
  return { header, columns };
}

function parseHeader<Header>(bytes: Uint8Array): Header {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Header;
  } catch {
    throw new RangeError("the header cannot be read");
  }
}

function columnAt(buffer: ArrayBuffer, at: number, type: ColumnType, bytes: number): Column {
  switch (type) {
    case "u8":
      return new Uint8Array(buffer, at, bytes);
    case "u16":
      return new Uint16Array(buffer, at, bytes / 2);
    case "u32":
      return new Uint32Array(buffer, at, bytes / 4);
    case "u64":
      return new BigUint64Array(buffer, at, bytes / 8);
  }
}

function typeOf(values: Column): ColumnType {
  if (values instanceof Uint8Array) return "u8";
  if (values instanceof Uint16Array) return "u16";
  return values instanceof Uint32Array ? "u32" : "u64";
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** Counts and flags, which take two bytes only where one does not do. */
export type Narrow = Uint8Array | Uint16Array;
/** Numbers of names. */
export type Ids = Uint16Array | Uint32Array;

/** The column, when it is there and of such a type; null when it is not there at all. Throws RangeError otherwise. */
export function narrowColumn({ columns }: Decoded<unknown>, name: string, rows: number): Narrow | null {
  const column = columns.get(name);
  if (column === undefined) return null;
  if ((column instanceof Uint8Array || column instanceof Uint16Array) && column.length === rows)
    return column;
  throw new RangeError(`the column ${name} cannot be read`);
}

/** As `narrowColumn`. */
export function idColumn({ columns }: Decoded<unknown>, name: string, rows: number): Ids | null {
  const column = columns.get(name);
  if (column === undefined) return null;
  if ((column instanceof Uint16Array || column instanceof Uint32Array) && column.length === rows)
    return column;
  throw new RangeError(`the column ${name} cannot be read`);
}
