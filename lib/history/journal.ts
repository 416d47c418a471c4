import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/** One entry as it is kept. What lists filter and sort by stands beside `body`, which only its writer understands. */
export interface JournalRow {
  readonly id: string;
  /** Which cluster it is about; entries of others are never shown. */
  readonly cluster: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly person: string | null;
  readonly action: string | null;
  readonly kind: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly result: string;
  readonly dryRun: boolean;
  /** Who sent it was not known: such entries are kept for a shorter time. */
  readonly unidentified: boolean;
  /** What free text looks into, in lower case. */
  readonly text: string;
  /** The process that still adds to it; null: it is complete. */
  readonly worker: string | null;
  /** JSON. */
  readonly body: string;
}

/** All that are given apply together. `words`: every one must occur in the text. */
export interface JournalFilter {
  readonly clusters: readonly string[];
  readonly id?: string | undefined;
  readonly person?: string | undefined;
  readonly action?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly result?: string | undefined;
  readonly hiddenKinds?: readonly string[] | undefined;
  /** False: without entries of which nobody knows what kind they are about. */
  readonly withoutKind?: boolean | undefined;
  /** False: without dry runs. */
  readonly dryRuns?: boolean | undefined;
  /** Milliseconds since 1970, both included. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly words?: readonly string[] | undefined;
}

export type JournalSort = "at" | "person" | "action" | "object" | "result";

export interface JournalPage {
  readonly sort?: { readonly by: JournalSort; readonly desc: boolean };
  readonly limit: number;
  readonly offset: number;
}

const VERSION = 1;
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entry (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, cluster TEXT NOT NULL, at INTEGER NOT NULL,
    person TEXT, action TEXT, kind TEXT, namespace TEXT, name TEXT, result TEXT NOT NULL, dry_run INTEGER NOT NULL,
    unidentified INTEGER NOT NULL, text TEXT NOT NULL, worker TEXT, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entry_by_time ON entry (cluster, at, seq);
  CREATE INDEX IF NOT EXISTS entry_by_object ON entry (cluster, kind, name, seq);
  CREATE INDEX IF NOT EXISTS entry_unfinished ON entry (worker) WHERE worker IS NOT NULL;
  CREATE INDEX IF NOT EXISTS entry_unidentified ON entry (seq) WHERE unidentified = 1;
  PRAGMA user_version = ${VERSION};
`;

/** Another process holds the file for a moment at most; a request waits no longer than this. */
const BUSY_MS = 1_000;

const KEPT_DAYS = 90;
const KEPT_ENTRIES = 100_000;
/** Whoever is refused before anybody knows who it is cannot push out what others did. */
const KEPT_UNIDENTIFIED = 10_000;
const PRUNE_EVERY = 1_000;

interface Limits {
  readonly days?: number;
  readonly entries?: number;
  readonly unidentified?: number;
}

/**
 * A journal in an SQLite file, or in memory. Several processes may have one file open. Every call may throw SQLite's error when
 * the file is damaged, full or gone.
 */
export class Journal {
  readonly #database: DatabaseSync;
  readonly #limits: Required<Limits>;
  #untilPrune = 0;

  /** `file` null: in memory. Throws when the file cannot be used, or was written by a newer version. */
  constructor(file: string | null, limits: Limits = {}) {
    this.#limits = {
      days: KEPT_DAYS,
      entries: KEPT_ENTRIES,
      unidentified: KEPT_UNIDENTIFIED,
      ...limits,
    };
    this.#database = new DatabaseSync(file ?? ":memory:", { timeout: BUSY_MS });
    try {
      const version = Number(this.#database.prepare("PRAGMA user_version").get()?.["user_version"]);
      if (version > VERSION) throw new Error(`it was written by a newer version (${version})`);
      this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
      if (version < VERSION) this.#database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  add(row: JournalRow): void {
    this.#database
      .prepare(
        `INSERT INTO entry (id, cluster, at, person, action, kind, namespace, name, result, dry_run, unidentified, text, worker, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        row.id,
        row.cluster,
        row.at,
        row.person,
        row.action,
        row.kind,
        row.namespace,
        row.name,
        row.result,
        Number(row.dryRun),
        Number(row.unidentified),
        row.text,
        row.worker,
        row.body,
      );
    this.#untilPrune -= 1;
    if (this.#untilPrune < 0) this.prune(row.at);
  }

  /** Changes an entry in one step; `change` gets its body, and answers with null to leave it as it is. False: there is none. */
  amend(
    id: string,
    change: (body: string) => Pick<JournalRow, "body" | "result" | "text" | "worker"> | null,
  ): boolean {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const found = this.#database.prepare("SELECT body FROM entry WHERE id = ?").get(id);
      const changed = found ? change(String(found["body"])) : null;
      if (changed) {
        this.#database
          .prepare("UPDATE entry SET body = ?, result = ?, text = ?, worker = ? WHERE id = ?")
          .run(changed.body, changed.result, changed.text, changed.worker, id);
      }
      this.#database.exec("COMMIT");
      return found !== undefined;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Gives entries that were kept under one name of a cluster to another. */
  adopt(from: string, to: string): void {
    this.#database.prepare("UPDATE entry SET cluster = ? WHERE cluster = ?").run(to, from);
  }

  /** Bodies, newest first unless sorted otherwise. */
  list(filter: JournalFilter, page: JournalPage): { bodies: string[]; total: number } {
    const { where, values } = conditions(filter);
    const order = orderBy(page.sort ?? { by: "at", desc: true });
    const total = this.#database.prepare(`SELECT count(*) AS total FROM entry WHERE ${where}`).get(...values);
    const rows = this.#database
      .prepare(`SELECT body FROM entry WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`)
      .all(...values, page.limit, page.offset);
    return { bodies: rows.map(({ body }) => String(body)), total: Number(total?.["total"]) };
  }

  /** The body of the newest entry that `filter` leaves and that was added after `id`; null: there is none. */
  newestAfter(id: string, filter: JournalFilter): string | null {
    const { where, values } = conditions(filter);
    const found = this.#database
      .prepare(
        `SELECT body FROM entry WHERE ${where} AND seq > (SELECT seq FROM entry WHERE id = ?) ORDER BY seq DESC LIMIT 1`,
      )
      .get(...values, id);
    return found ? String(found["body"]) : null;
  }

  /** Whole rows, oldest first, of the newest `count`. */
  newest(count: number): JournalRow[] {
    const rows = this.#database.prepare("SELECT * FROM entry ORDER BY seq DESC LIMIT ?").all(count);
    return rows.toReversed().map(
      (row) =>
        ({
          ...row,
          dryRun: row["dry_run"] === 1,
          unidentified: row["unidentified"] === 1,
        }) as unknown as JournalRow,
    );
  }

  /** Entries that some process still adds to, or was adding to when it ended. */
  unfinished(): { id: string; worker: string; body: string }[] {
    const rows = this.#database
      .prepare("SELECT id, worker, body FROM entry WHERE worker IS NOT NULL ORDER BY seq")
      .all();
    return rows.map(({ id, worker, body }) => ({
      id: String(id),
      worker: String(worker),
      body: String(body),
    }));
  }

  /** Forgets what is too old or too much. */
  prune(now: number): void {
    this.#untilPrune = PRUNE_EVERY;
    const { days, entries, unidentified } = this.#limits;
    const { max } = this.#database.prepare("SELECT max(seq) AS max FROM entry").get() ?? {};
    this.#database.prepare("DELETE FROM entry WHERE at < ?").run(now - days * 86_400_000);
    this.#database.prepare("DELETE FROM entry WHERE seq <= ?").run(Number(max ?? 0) - entries);
    this.#database
      .prepare(
        `DELETE FROM entry WHERE unidentified = 1 AND seq <= (
           SELECT seq FROM entry WHERE unidentified = 1 ORDER BY seq DESC LIMIT 1 OFFSET ?)`,
      )
      .run(unidentified);
  }
}

function conditions(filter: JournalFilter): { where: string; values: SQLInputValue[] } {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (part: string, ...given: SQLInputValue[]) => {
    parts.push(part);
    values.push(...given);
  };
  const among = (list: readonly string[]) => list.map(() => "?").join(", ");
  add(`cluster IN (${among(filter.clusters)})`, ...filter.clusters);
  for (const [column, value] of [
    ["id", filter.id],
    ["person", filter.person],
    ["action", filter.action],
    ["kind", filter.kind],
    ["name", filter.name],
    ["result", filter.result],
  ] as const) {
    if (value !== undefined) add(`${column} = ?`, value);
  }
  const { hiddenKinds = [], words = [], since, until } = filter;
  if (hiddenKinds.length > 0) add(`(kind IS NULL OR kind NOT IN (${among(hiddenKinds)}))`, ...hiddenKinds);
  if (filter.withoutKind === false) add("kind IS NOT NULL");
  if (filter.dryRuns === false) add("dry_run = 0");
  if (since !== undefined) add("at >= ?", since);
  if (until !== undefined) add("at <= ?", until);
  for (const word of words) add("instr(text, ?) > 0", word);
  return { where: parts.join(" AND "), values };
}

const columns: Readonly<Record<JournalSort, readonly string[]>> = {
  at: ["at"],
  person: ["person"],
  action: ["action"],
  object: ["kind", "namespace", "name"],
  result: ["result"],
};

/** Entries of one moment are in the order in which they came. */
function orderBy({ by, desc }: { readonly by: JournalSort; readonly desc: boolean }): string {
  const direction = desc ? "DESC" : "ASC";
  return [...columns[by], "seq"].map((column) => `${column} ${direction} NULLS LAST`).join(", ");
}
