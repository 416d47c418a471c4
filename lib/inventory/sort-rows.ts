/**
 * One key of a sort, by row number. What has none (NaN, an id without a text) comes last; descending, first.
 * Texts are compared by code units, as `compareText` does, never by a collator.
 */
export type SortKey =
  | {
      readonly kind: "numbers";
      readonly values: Float64Array | Uint32Array | Uint8Array;
      readonly descending?: boolean;
    }
  | {
      readonly kind: "texts";
      readonly ids: Uint32Array | Uint16Array | Uint8Array;
      /** Of the ids that occur. */
      readonly texts: ReadonlyMap<number, string>;
      readonly descending?: boolean;
    }
  | ({ readonly kind: "names"; readonly descending?: boolean } & Names);

/** Texts in one heap of UTF-8, by row number. */
export interface Names {
  readonly bytes: Uint8Array;
  readonly at: Uint32Array;
  readonly lengths: Uint32Array;
}

export interface SortInput {
  /** The row numbers to be put in order, each once. Rows with equal keys stay as they come here. */
  readonly rows: Uint32Array;
  /** The first one counts most. */
  readonly keys: readonly SortKey[];
}

/** The rows in order. */
export function sortRows({ rows, keys }: SortInput): Uint32Array {
  const [first, second, ...more] = keys.map(compareBy);
  if (!first) return rows.slice();
  if (!second) return rows.slice().sort(first);
  if (more.length === 0) return rows.slice().sort((one, other) => first(one, other) || second(one, other));
  const rest = [second, ...more];
  return rows.slice().sort((one, other) => {
    let order = first(one, other);
    for (let at = 0; order === 0 && at < rest.length; at++) order = rest[at]?.(one, other) ?? 0;
    return order;
  });
}

type CompareRows = (one: number, other: number) => number;

function compareBy(key: SortKey): CompareRows {
  const ascending =
    key.kind === "names"
      ? (one: number, other: number) => compareNames(key, one, other)
      : byNumber(numbersOf(key));
  return key.descending ? (one, other) => ascending(other, one) : ascending;
}

function byNumber(numberOf: (row: number) => number): CompareRows {
  return (one, other) => {
    const a = numberOf(one);
    const b = numberOf(other);
    if (a === b) return 0;
    if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
    return Number.isNaN(b) || a < b ? -1 : 1;
  };
}

/** Of a text its rank among all that occur. */
function numbersOf(key: Exclude<SortKey, { kind: "names" }>): (row: number) => number {
  if (key.kind === "numbers") {
    const { values } = key;
    return (row) => values[row] ?? Number.NaN;
  }
  const { ids, texts } = key;
  const sorted = [...texts].sort(([, one], [, other]) => (one < other ? -1 : one > other ? 1 : 0));
  const most = sorted.reduce((highest, [id]) => Math.max(highest, id), 0);
  const ranks = new Float64Array(most + 1).fill(Number.NaN);
  let rank = 0;
  let before: string | null = null;
  for (const [id, text] of sorted) {
    if (before !== null && text !== before) rank += 1;
    ranks[id] = rank;
    before = text;
  }
  return (row) => ranks[ids[row] ?? 0] ?? Number.NaN;
}

export function compareNames({ bytes, at, lengths }: Names, one: number, other: number): number {
  return compareBytes(bytes, at[one] ?? 0, lengths[one] ?? 0, bytes, at[other] ?? 0, lengths[other] ?? 0);
}

/** Orders UTF-8 as the code units of the same texts are ordered. */
function compareBytes(
  bytes: Uint8Array,
  at: number,
  length: number,
  others: Uint8Array,
  otherAt: number,
  otherLength: number,
): number {
  const shorter = length < otherLength ? length : otherLength;
  for (let offset = 0; offset < shorter; offset++) {
    const one = bytes[at + offset] ?? 0;
    const other = others[otherAt + offset] ?? 0;
    if (one !== other) return codeUnitOrder(one) - codeUnitOrder(other);
  }
  return length - otherLength;
}

/** Beyond U+FFFF a text has surrogates, which stand before U+E000: lead bytes F0… before EE and EF. */
function codeUnitOrder(byte: number): number {
  if (byte < 0xee) return byte;
  return byte < 0xf0 ? byte + 0x12 : byte - 2;
}
