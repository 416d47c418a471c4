import { Collection } from "./collection.ts";
import { Entry, type StoreEvent } from "./entry.ts";
import { objectKey, type KubeObject, type Meta } from "./kube-object.ts";
import type { Journal } from "./journal.ts";

export type StoreListener = (resource: string, event: StoreEvent) => void;

/** What a cluster starts numbering at; a real one has written a few hundred objects before the first user looks. */
const firstRevision = 1000;

/**
 * The cluster's objects by resource (`<plural>.<group>`, or the plural alone for the core group). One revision counter
 * for all of them, as etcd has. Reads and writes are synchronous, so a check followed by a write cannot be interrupted.
 */
export class Store {
  readonly #collections = new Map<string, Collection>();
  readonly #journal: Journal | null;
  readonly #listeners = new Set<StoreListener>();
  #revision = firstRevision;
  /** Where this process began to remember. */
  #startRevision = firstRevision;

  constructor(journal: Journal | null = null) {
    this.#journal = journal;
    if (journal === null) return;
    for (const record of journal.read()) {
      this.#revision = Math.max(this.#revision, record.revision);
      if (record.resource === "") continue;
      const collection = this.collection(record.resource);
      if (record.object === null) collection.unload(record.key);
      else collection.load(new Entry(record.key, record.object, record.revision));
    }
    this.#startRevision = this.#revision;
    for (const collection of this.#collections.values()) collection.forget(this.#revision);
    journal.rewrite(this.#revision, this.#allEntries());
  }

  get revision(): number {
    return this.#revision;
  }

  /** True when nothing was ever stored, as in a new data file. */
  get isEmpty(): boolean {
    return [...this.#collections.values()].every((collection) => collection.size === 0);
  }

  collections(): Iterable<Collection> {
    return this.#collections.values();
  }

  collection(resource: string): Collection {
    let collection = this.#collections.get(resource);
    if (collection === undefined) {
      collection = new Collection(resource, this.#startRevision);
      this.#collections.set(resource, collection);
    }
    return collection;
  }

  /** Stores a new version of the object under its namespace and name, with the next resource version, and tells listeners. */
  put(resource: string, object: KubeObject): Entry {
    const collection = this.collection(resource);
    const entry = this.#next(object);
    const previous = collection.get(entry.key);
    const event: StoreEvent =
      previous === undefined
        ? { type: "ADDED", revision: entry.revision, entry, previous: null }
        : { type: "MODIFIED", revision: entry.revision, entry, previous };
    this.#record(resource, entry, entry.object);
    collection.apply(event);
    this.#tell(resource, event);
    return entry;
  }

  remove(resource: string, key: string): Entry | null {
    const collection = this.collection(resource);
    const previous = collection.get(key);
    if (previous === undefined) return null;
    const entry = this.#next(previous.object);
    this.#record(resource, entry, null);
    const event: StoreEvent = { type: "DELETED", revision: entry.revision, entry, previous };
    collection.apply(event);
    this.#tell(resource, event);
    return entry;
  }

  /** Loads many objects at once: no events, no history. For scenarios, before anybody watches. */
  load(resource: string, objects: Iterable<KubeObject>): void {
    const collection = this.collection(resource);
    for (const object of objects) {
      const entry = this.#next(object);
      this.#record(resource, entry, entry.object);
      collection.load(entry);
    }
    this.#journal?.loaded();
  }

  /** Calls back on every change of every resource, after it is stored. */
  listen(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#journal?.close();
  }

  #next(object: KubeObject): Entry {
    this.#revision += 1;
    const { apiVersion, kind, metadata, ...rest } = object;
    const numbered: Meta = { ...metadata, resourceVersion: String(this.#revision) };
    const key = objectKey(metadata.namespace ?? "", metadata.name);
    return new Entry(key, { apiVersion, kind, metadata: numbered, ...rest }, this.#revision);
  }

  #record(resource: string, entry: Entry, object: KubeObject | null): void {
    this.#journal?.append({ resource, key: entry.key, revision: entry.revision, object }, entry.json);
  }

  #tell(resource: string, event: StoreEvent): void {
    for (const listener of this.#listeners) listener(resource, event);
    if (this.#journal?.isBloated) this.#journal.rewrite(this.#revision, this.#allEntries());
  }

  *#allEntries(): Iterable<{ resource: string; entry: Entry }> {
    for (const collection of this.#collections.values()) {
      for (const entry of collection.list()) yield { resource: collection.resource, entry };
    }
  }
}
