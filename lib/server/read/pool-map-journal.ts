import { randomBytes } from "node:crypto";
import type { MapColumn } from "../../contract/pool-map.ts";
import type { KeptColumn } from "./pool-map-columns.ts";

/** A state of a map, which its numbers of names go up to. */
interface Entry {
  readonly revision: number;
  /** Rows in which it differs from the state before, ascending. */
  readonly rows: Uint32Array;
  readonly nodes: number;
  readonly namespaces: number;
}

/** What has changed in a map since a state that somebody knows. */
export interface Since {
  /** Ascending. */
  readonly rows: Uint32Array;
  /** Names that were known in that state; those after them are new. */
  readonly nodes: number;
  readonly namespaces: number;
}

/** States that are remembered: at four changes a second more than a minute. */
const mostEntries = 256;

const none = new Uint32Array(0);

/** Which rows of a map changed when, for as long as rows and names keep their numbers. */
export class MapJournal {
  /** Tells this journal's states apart from those of all others. */
  private readonly lineage = randomBytes(6).toString("hex");
  private readonly entries: Entry[] = [];
  private readonly latest = new Map<KeptColumn, { readonly revision: number; readonly version: string }>();
  private revision = 0;
  private readonly first: string;

  /** `version`: of the inventory when the map had these rows first. */
  constructor(version: string) {
    this.first = version;
  }

  /** A new state. `version`: of the inventory. */
  add(
    columns: Iterable<KeptColumn>,
    rows: Iterable<number>,
    names: Omit<Since, "rows">,
    version: string,
  ): void {
    this.revision += 1;
    for (const column of columns) this.latest.set(column, { revision: this.revision, version });
    // Of the first state it is never asked in which rows it differs from none.
    const changed = this.revision === 1 ? none : Uint32Array.from(rows).sort();
    this.entries.push({ revision: this.revision, rows: changed, ...names });
    if (this.entries.length > mostEntries) this.entries.shift();
  }

  /** The last state in which one of the asked columns changed: its name for `since`, and the inventory's version then. */
  state(asked: readonly MapColumn[]): { readonly state: string; readonly version: string } {
    let last = { revision: 0, version: this.first };
    for (const column of ["used", "flags", ...asked] as const) {
      const changed = this.latest.get(column);
      if (changed && changed.revision > last.revision) last = changed;
    }
    return { state: `${this.lineage}.${last.revision}`, version: last.version };
  }

  /** Null: that state is not one of this journal, or longer ago than it remembers. */
  since(state: string): Since | null {
    const [lineage, number] = state.split(".");
    const from = this.entries.findIndex(({ revision }) => String(revision) === number);
    const known = this.entries[from];
    if (lineage !== this.lineage || !known) return null;
    const rows = new Set<number>();
    for (const entry of this.entries.slice(from + 1)) for (const row of entry.rows) rows.add(row);
    return { rows: Uint32Array.from(rows).sort(), nodes: known.nodes, namespaces: known.namespaces };
  }
}
