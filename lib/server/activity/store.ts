import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Journal, type JournalFilter, type JournalPage } from "../../history/journal.ts";
import { log } from "../log.ts";
import { shared } from "../shared.ts";
import type { Kept } from "./kept.ts";

const FILE = "activity.sqlite";
/** Taken over from a file that can be read and not be written any more. */
const SALVAGED = 1_000;

/** This process, among those that share a file: a container that starts again has the host and number of the one before. */
const worker = shared("activityWorker", () => `${hostname()}:${process.pid}:${randomUUID()}`);

/**
 * The entries, in a file or in memory. A file that cannot be used, now or later, is told once in the log, and the entries are
 * kept in memory from then on: no write is ever refused because of it.
 */
export class ActivityStore {
  #journal: Journal;
  /** Null: in memory. */
  #file: string | null;

  constructor(folder: string | null) {
    this.#file = folder === null ? null : join(folder, FILE);
    try {
      if (folder !== null) makeFile(folder, join(folder, FILE));
      this.#journal = new Journal(this.#file);
      this.#journal.prune(Date.now());
    } catch (error) {
      this.#tell(error);
      this.#file = null;
      this.#journal = new Journal(null);
    }
  }

  /** `isOpen`: this process adds to it later. */
  add(kept: Kept, cluster: string, isOpen: boolean): void {
    const { activity } = kept;
    const { object } = activity;
    const row = {
      id: activity.id,
      cluster,
      at: Date.parse(activity.at),
      person: activity.user,
      action: activity.action,
      kind: object?.kind ?? kept.kind ?? null,
      namespace: object?.namespace ?? null,
      name: object?.name ?? null,
      result: activity.result,
      dryRun: activity.dryRun,
      unidentified: activity.how === null,
      text: searchText(kept),
      worker: isOpen ? worker : null,
      body: JSON.stringify(kept),
    };
    this.#use((journal) => journal.add(row));
  }

  /** Changes an entry that is there; `change` answers with null to leave it as it is. */
  amend(id: string, change: (kept: Kept) => Kept | null): void {
    this.#use((journal) =>
      journal.amend(id, (body) => {
        const kept = change(readBody(body));
        if (!kept) return null;
        const isOpen = kept.activity.watch !== null && kept.activity.watch.verdict === null;
        const { result } = kept.activity;
        return { body: JSON.stringify(kept), result, text: searchText(kept), worker: isOpen ? worker : null };
      }),
    );
  }

  list(filter: JournalFilter, page: JournalPage): { kept: Kept[]; total: number } {
    const { bodies, total } = this.#use((journal) => journal.list(filter, page));
    return { kept: bodies.map(readBody), total };
  }

  /** The newest entry added after this one that the filter leaves. */
  newestAfter(id: string, filter: JournalFilter): Kept | null {
    const body = this.#use((journal) => journal.newestAfter(id, filter));
    return body === null ? null : readBody(body);
  }

  adopt(from: string, to: string): void {
    this.#use((journal) => journal.adopt(from, to));
  }

  /** Entries that no process adds to any more although they are not complete: one that ended, or should have long since. */
  abandoned(now: number): Kept[] {
    return this.#use((journal) => journal.unfinished())
      .map(({ worker: by, body }) => ({ by, kept: readBody(body) }))
      .filter(({ by, kept }) => by !== worker && (isGone(by) || isOver(kept, now)))
      .map(({ kept }) => kept);
  }

  close(): void {
    this.#journal.close();
  }

  #use<Value>(work: (journal: Journal) => Value): Value {
    try {
      return work(this.#journal);
    } catch (error) {
      if (this.#file === null) throw error;
      this.#tell(error);
      this.#file = null;
      const damaged = this.#journal;
      this.#journal = new Journal(null);
      salvage(damaged, this.#journal);
      return work(this.#journal);
    }
  }

  #tell(error: unknown): void {
    log.warn(
      { err: error, file: this.#file },
      "the activity file cannot be used; activity is kept in memory and ends with this process",
    );
  }
}

/** The store of this process: in memory unless `openActivityStore` was called. */
export function activityStore(): ActivityStore {
  return slot().store ?? openActivityStore(null);
}

/** Keeps activity in this folder from now on; null: in memory. */
export function openActivityStore(folder: string | null): ActivityStore {
  slot().store?.close();
  const store = new ActivityStore(folder);
  slot().store = store;
  return store;
}

const slot = () => shared<{ store: ActivityStore | null }>("activityStore", () => ({ store: null }));

/** For the eyes of whoever runs the server only: it says who did what. */
function makeFile(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  closeSync(openSync(file, "a", 0o600));
}

function salvage(from: Journal, into: Journal): void {
  try {
    for (const row of from.newest(SALVAGED)) into.add(row);
  } catch {
    // What cannot be read is lost to the page; the log stream has it.
  }
  try {
    from.close();
  } catch {
    // It is of no use any more.
  }
}

function readBody(body: string): Kept {
  return JSON.parse(body) as Kept;
}

function isGone(by: string): boolean {
  // Host names have no colon; the last part is missing where an older version wrote it.
  const [host, number] = by.split(":");
  const pid = Number(number);
  if (host !== hostname()) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Another machine's, whose end nobody here can see. */
const GRACE_MS = 60_000;

function isOver({ activity }: Kept, now: number): boolean {
  return activity.watch !== null && Date.parse(activity.watch.until) + GRACE_MS < now;
}

function searchText({ activity }: Kept): string {
  const { user, how, client, action, object, result, code, detail, requestId, id, from, to } = activity;
  const words = [user, how, client, action, object?.kind, object?.namespace, object?.name, object?.uid];
  const rest = [result, code, detail, requestId, id, from && JSON.stringify(from), to && JSON.stringify(to)];
  return [...words, ...rest]
    .filter((word) => typeof word === "string")
    .join("\n")
    .toLowerCase();
}
