import { Entry, type StoreEvent } from "./entry.ts";

export type Listener = (event: StoreEvent) => void;

const historySize = 8192;

/** All objects of one resource in key order, the recent past, and who listens. */
export class Collection {
  readonly resource: string;
  readonly #entries = new Map<string, Entry>();
  /** Every key in byte order; kept sorted by insertion, so that a list never sorts but after a bulk load. */
  #keys: string[] = [];
  #isSorted = true;
  #history: StoreEvent[] = [];
  #forgottenThrough: number;
  readonly #listeners = new Set<Listener>();

  constructor(resource: string, revision: number) {
    this.resource = resource;
    this.#forgottenThrough = revision;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  /** Objects in key order; `namespace` "" means all of them. The array is the caller's own. */
  list(namespace = ""): Entry[] {
    this.#sort();
    const [from, to] = namespace === "" ? [0, this.#keys.length] : this.#range(`${namespace}/`);
    const found: Entry[] = [];
    for (let index = from; index < to; index++) {
      const entry = this.#entries.get(this.#keys[index] ?? "");
      if (entry !== undefined) found.push(entry);
    }
    return found;
  }

  /** Replaces or adds without an event; for loading. */
  load(entry: Entry): void {
    if (!this.#entries.has(entry.key)) {
      // Inserting each of many thousand keys where it belongs would take time by their square.
      if (this.#isSorted) this.#isSorted = (this.#keys.at(-1) ?? "") < entry.key;
      this.#keys.push(entry.key);
    }
    this.#entries.set(entry.key, entry);
    this.#forgottenThrough = Math.max(this.#forgottenThrough, entry.revision);
  }

  /** Removes without an event; for loading. */
  unload(key: string): void {
    this.#sort();
    if (this.#entries.delete(key)) this.#keys.splice(this.#position(key), 1);
  }

  apply(event: StoreEvent): void {
    if (event.type === "DELETED") {
      this.unload(event.entry.key);
    } else {
      if (event.type === "ADDED") this.#insertKey(event.entry.key);
      this.#entries.set(event.entry.key, event.entry);
    }
    this.#history.push(event);
    if (this.#history.length >= 2 * historySize) {
      this.#forgottenThrough = this.#history[historySize - 1]?.revision ?? this.#forgottenThrough;
      this.#history = this.#history.slice(historySize);
    }
    for (const listener of this.#listeners) listener(event);
  }

  /** Events after `revision`, oldest first; null when some of them are forgotten. */
  since(revision: number): StoreEvent[] | null {
    if (revision < this.#forgottenThrough) return null;
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#history[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#history.slice(low);
  }

  /** The oldest revision a watch can still start from. */
  get oldestWatchable(): number {
    return this.#forgottenThrough;
  }

  /** Drops the past up to `revision`: a watch from there or earlier is answered with 410, as after a compaction. */
  forget(revision: number): void {
    this.#history = this.#history.filter((event) => event.revision > revision);
    this.#forgottenThrough = Math.max(this.#forgottenThrough, revision);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #sort(): void {
    if (this.#isSorted) return;
    this.#keys.sort(); // by UTF-16 units: the byte order of the ASCII that names are made of
    this.#isSorted = true;
  }

  #insertKey(key: string): void {
    this.#sort();
    const last = this.#keys.at(-1);
    if (last === undefined || last < key) this.#keys.push(key);
    else this.#keys.splice(this.#position(key), 0, key);
  }

  #position(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? "") < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #range(prefix: string): [number, number] {
    return [this.#position(prefix), this.#position(`${prefix.slice(0, -1)}0`)]; // "0" follows "/"
  }
}
