/** Rows that a reader looks at, by name, with their places in the list; what is most looked at comes first. */
export interface Held {
  readonly rows: readonly { readonly name: string; readonly place: number }[];
  /** It is about the first row alone; the others stand in for it when it is gone. */
  readonly exact: boolean;
}

/** Rows on each side of the one that is looked at that are held with it: few of them go or move at one time. */
const reach = 3;

/** The rows around a place, of those that are there from `start` on; null: it is not among them. */
export function heldAround(
  rows: readonly unknown[],
  start: number,
  place: number,
  exact: boolean,
): Held | null {
  const at = place - start;
  if (at < 0 || at >= rows.length) return null;
  const near = Array.from({ length: reach }, (_unused, by) => [at - by - 1, at + by + 1]).flat();
  const found = [at, ...near].filter((each) => each >= 0 && each < rows.length);
  return { rows: found.map((each) => ({ name: nameOf(rows[each]), place: start + each })), exact };
}

/** By how many places the held rows have moved, in a newer list whose rows from `start` on are these; null: none is among them. */
export function movedBy(held: Held, rows: readonly unknown[], start: number): number | null {
  const places = new Map(rows.map((row, at) => [nameOf(row), start + at]));
  const moves = held.rows.flatMap(({ name, place }) => {
    const now = places.get(name);
    return now === undefined ? [] : [now - place];
  });
  // Where a row's own figures order the list, a single one says little about the others.
  const [first] = held.exact ? moves : moves.toSorted((one, other) => one - other).slice(moves.length >> 1);
  return first ?? null;
}

/** Tells the rows of one list apart. */
export function nameOf(item: unknown): string {
  const { uid, id, ip, name } = item as Readonly<Record<string, unknown>>;
  return String(uid ?? id ?? ip ?? name);
}
