import fs from "node:fs";
import path from "node:path";
import type { Entry } from "./entry.ts";
import { isObject, parseJson } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";

export interface JournalRecord {
  /** "" for a line that only carries the revision. */
  readonly resource: string;
  readonly key: string;
  readonly revision: number;
  /** Null: deleted. */
  readonly object: KubeObject | null;
}

const head = '{"file":"poolboard cluster data","version":1}';
const smallestBloat = 32 * 1024 * 1024;

export class JournalError extends Error {
  override readonly name = "JournalError";
}

/**
 * A cluster's data file: one line per write, appended before the write is answered, so killing the process loses nothing
 * that a client was told. Rewritten (aside, then renamed over) when it is opened and when old versions outweigh live ones.
 */
export class Journal {
  readonly #file: string;
  #descriptor: number | null = null;
  #size = 0;
  #sizeAfterRewrite = 0;

  constructor(file: string) {
    this.#file = file;
  }

  get isBloated(): boolean {
    return this.#size > Math.max(smallestBloat, 4 * this.#sizeAfterRewrite);
  }

  /**
   * Everything written so far, oldest first; nothing for a new or an empty file. A last line cut short by a crash is left out.
   * @throws JournalError when the file is something else, or damaged before its last line
   */
  *read(): Iterable<JournalRecord> {
    if (!fs.existsSync(this.#file)) return;
    const lines = completeLines(this.#file);
    let number = 0;
    for (const line of lines) {
      number += 1;
      if (number === 1) {
        if (line !== head) throw new JournalError(`${this.#file} is not a data file of the embedded cluster`);
        continue;
      }
      yield parseRecord(line, `${this.#file}:${number}`);
    }
    if (number === 0 && fs.statSync(this.#file).size > 0) {
      throw new JournalError(`${this.#file} is not a data file of the embedded cluster`);
    }
  }

  /** Replaces the file's content by the objects given, atomically, and goes on appending to it. */
  rewrite(revision: number, entries: Iterable<{ readonly resource: string; readonly entry: Entry }>): void {
    const aside = `${this.#file}.${process.pid}.tmp`;
    fs.mkdirSync(path.dirname(this.#file), { recursive: true });
    const descriptor = fs.openSync(aside, "w", 0o600);
    let size = 0;
    let pending = `${head}\n${recordLine("", "", revision, "null")}`;
    const write = (): void => {
      size += Buffer.byteLength(pending);
      fs.writeSync(descriptor, pending);
      pending = "";
    };
    for (const { resource, entry } of entries) {
      pending += recordLine(resource, entry.key, entry.revision, entry.json);
      if (pending.length > 1 << 20) write();
    }
    write();
    fs.fsyncSync(descriptor);
    fs.renameSync(aside, this.#file);
    if (this.#descriptor !== null) fs.closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    this.#size = size;
    this.#sizeAfterRewrite = size;
  }

  /** `json` is the text of the object as it stands in memory; only used when the record is not a deletion. */
  append(record: JournalRecord, json: string): void {
    if (this.#descriptor === null) throw new JournalError(`${this.#file} is closed`);
    const line = recordLine(
      record.resource,
      record.key,
      record.revision,
      record.object === null ? "null" : json,
    );
    this.#size += fs.writeSync(this.#descriptor, line);
  }

  /**
   * What was appended so far is all live, as after loading a scenario: nothing would be gained by a rewrite, which keeps everybody
   * waiting (100 MB for a second or more).
   */
  loaded(): void {
    this.#sizeAfterRewrite = this.#size;
  }

  close(): void {
    if (this.#descriptor === null) return;
    fs.fsyncSync(this.#descriptor);
    fs.closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

function recordLine(resource: string, key: string, revision: number, json: string): string {
  return `[${JSON.stringify(resource)},${JSON.stringify(key)},${revision},${json}]\n`;
}

function parseRecord(line: string, where: string): JournalRecord {
  try {
    const value = parseJson(line);
    if (Array.isArray(value) && value.length === 4) {
      const [resource, key, revision, object] = value;
      if (typeof resource === "string" && typeof key === "string" && typeof revision === "number") {
        if (object === null) return { resource, key, revision, object };
        if (isObject(object)) return { resource, key, revision, object: object as KubeObject };
      }
    }
  } catch {
    // named below
  }
  throw new JournalError(`${where}: not a line of a data file; the file is damaged`);
}

/** The file's lines that end in a newline, read in pieces. */
function* completeLines(file: string): Iterable<string> {
  const descriptor = fs.openSync(file, "r");
  try {
    const buffer = Buffer.alloc(1 << 20);
    let rest = Buffer.alloc(0);
    for (;;) {
      const length = fs.readSync(descriptor, buffer, 0, buffer.length, null);
      if (length === 0) return;
      let chunk = Buffer.concat([rest, buffer.subarray(0, length)]);
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10)) {
        yield chunk.toString("utf8", 0, end);
        chunk = chunk.subarray(end + 1);
      }
      rest = Buffer.from(chunk);
    }
  } finally {
    fs.closeSync(descriptor);
  }
}
