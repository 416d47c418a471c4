import { type PoolMap, poolMapFlags } from "@/lib/contract/pool-map.ts";
import { differIn, differing } from "@/lib/contract/pool-map-differing.ts";
import {
  type ColourKey,
  type ColourMode,
  columnsOf,
  type KeyDraft,
  type Scheme,
  schemes,
} from "./colour-scheme.ts";
import { Counter } from "./counter.ts";

/** The colour of every row: an index into `keys`. */
export interface Colouring {
  readonly mode: ColourMode;
  readonly classes: Uint8Array;
  readonly keys: readonly ColourKey[];
}

/** Whether the same number stands for the same key in both. */
export function hasSameKeys(one: Colouring, other: Colouring): boolean {
  return (
    one.keys.length === other.keys.length && one.keys.every((key, index) => key.id === other.keys[index]?.id)
  );
}

const unclaimedClass = 0;
export const reservedClass = 1;
const firstClass = 2;

const ground: readonly KeyDraft[] = [
  { id: "unclaimed", label: "Unclaimed", fill: "line2", look: "dot", letter: "" },
  { id: "reserved", label: "Reserved", fill: "reserved", look: "hatch", letter: "" },
];

/**
 * The colours of a map: by how much of a block is in use, by its node, by the namespace that holds most of it, by the age of
 * its claim, or by how much of it other nodes use. Falls back to use while the column is not there. `now`: milliseconds, for ages.
 */
export function colour(map: PoolMap, wanted: ColourMode, now: number): Colouring {
  return new Colourer().colour(map, wanted, now);
}

interface Coloured {
  readonly map: PoolMap;
  readonly scheme: Scheme;
  readonly colouring: Colouring;
}

/**
 * Colours one map after another. A map that is coloured as the one before is so only where its columns differ: of 262,144 rows
 * a change of one in a hundred takes a twentieth of colouring them all.
 */
export class Colourer {
  /** Rows that the last map took. */
  rowsColoured = 0;
  private last: Coloured | null = null;
  private readonly names = new Counter();

  /** As `colour`. */
  colour(map: PoolMap, wanted: ColourMode, now: number): Colouring {
    const mode = columnsOf[wanted].every((column) => map[column] !== null) ? wanted : "use";
    const scheme = schemes[mode](map, now, this.names);
    const drafts = [...ground, ...scheme.keys];
    const before = this.last && isColouredAlike(this.last, map, mode, scheme) ? this.last : null;
    const { classes, counts } = before
      ? this.go(before, map, scheme)
      : this.begin(map, scheme, drafts.length);
    const keys = drafts.map((key, index) => ({ ...key, count: counts[index] ?? 0 }));
    const colouring = { mode, classes, keys };
    this.last = { map, scheme, colouring };
    return colouring;
  }

  private begin({ header, used, flags }: PoolMap, { column, table, beyond }: Scheme, keys: number) {
    const classes = new Uint8Array(header.rows);
    const counts = new Uint32Array(keys);
    for (let row = 0; row < header.rows; row += 1) {
      const key = classOf(used[row] ?? 0, flags[row] ?? 0, table[column[row] ?? 0] ?? beyond);
      classes[row] = key;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    this.rowsColoured = header.rows;
    return { classes, counts };
  }

  private go(before: Coloured, { used, flags }: PoolMap, { column, table, beyond }: Scheme) {
    const rows = inAnyOf([
      differing(before.map.used, used),
      differing(before.map.flags, flags),
      ...(column === used ? [] : [differing(before.scheme.column, column)]),
    ]);
    const counts = Uint32Array.from(before.colouring.keys, (key) => key.count);
    const classes = before.colouring.classes.slice();
    const recoloured = new Uint32Array(rows.length);
    let count = 0;
    for (const row of rows) {
      const old = classes[row] ?? 0;
      const key = classOf(used[row] ?? 0, flags[row] ?? 0, table[column[row] ?? 0] ?? beyond);
      if (key === old) continue;
      counts[old] = (counts[old] ?? 0) - 1;
      counts[key] = (counts[key] ?? 0) + 1;
      classes[row] = key;
      recoloured[count++] = row;
    }
    this.rowsColoured = rows.length;
    differIn(before.colouring.classes, classes, recoloured.slice(0, count));
    return { classes, counts };
  }
}

/** Ascending, each once. */
function inAnyOf(lists: readonly Uint32Array[]): Uint32Array {
  const some = lists.filter(({ length }) => length > 0);
  const [only] = some;
  if (some.length <= 1) return only ?? new Uint32Array(0);
  return Uint32Array.from(new Set(some.flatMap((rows) => [...rows]))).sort();
}

function classOf(used: number, flags: number, claimed: number): number {
  if (used !== 0) return firstClass + claimed;
  return (flags & poolMapFlags.reserved) !== 0 ? reservedClass : unclaimedClass;
}

/** Whether what the columns say stands for the same keys in both, so that where they are equal the colours are. */
function isColouredAlike(
  { map, scheme, colouring }: Coloured,
  next: PoolMap,
  mode: ColourMode,
  other: Scheme,
) {
  if (mode !== colouring.mode || map.header.rows !== next.header.rows) return false;
  if (scheme.keys.length !== other.keys.length || scheme.beyond !== other.beyond) return false;
  if (scheme.keys.some(({ id }, index) => id !== other.keys[index]?.id)) return false;
  return isEqual(scheme.table, other.table);
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one === other || (one.length === other.length && differing(one, other).length === 0);
}
