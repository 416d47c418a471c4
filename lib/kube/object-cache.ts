import { IdentityColumns } from "./identity-columns.ts";
import { isOlder } from "./resource-version.ts";
import { decideChange, type ObjectIdentity, type WatchEvent } from "./watch-event.ts";

/** What an event changes for consumers. */
export type CacheChange<T> =
  | { readonly type: "put"; readonly key: string; readonly value: T }
  | { readonly type: "removed"; readonly key: string; readonly uid: string };

const MAX_TOMBSTONES = 4_096;

/**
 * Which objects of one kind consumers hold, and in which version. Not the objects: those are kept once, by the consumers.
 */
export class ObjectCache {
  readonly #held = new IdentityColumns();
  /** uid → version of the deletion, so that a late event does not bring an object back. Oldest first, bounded. */
  readonly #deleted = new Map<string, string>();
  readonly #listVersion: string;

  /** `listVersion` is that of the list it is built from: what is not in the list did not exist then. */
  constructor(listVersion: string) {
    this.#listVersion = listVersion;
  }

  get size(): number {
    return this.#held.size;
  }

  keys(): Iterable<string> {
    return this.#held.keys();
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  /** What was handed over from a list that came to nothing is held as well. */
  add(other: ObjectCache): void {
    for (const key of other.#held.keys()) {
      const identity = other.#held.get(key);
      if (identity) this.#held.set(key, identity);
    }
  }

  /** "" when it has none, or is not held. */
  uidOf(key: string): string {
    return this.#held.get(key)?.uid ?? "";
  }

  /** True when this very object is held, in this very version. */
  hasSame({ key, uid, resourceVersion }: ObjectIdentity): boolean {
    const held = this.#held.get(key);
    return held !== undefined && held.uid === uid && held.resourceVersion === resourceVersion;
  }

  /** True when this very object is held, in this version or an older one. */
  leadsTo({ key, uid, resourceVersion }: ObjectIdentity): boolean {
    const held = this.#held.get(key);
    return held !== undefined && held.uid === uid && !isOlder(resourceVersion, held.resourceVersion);
  }

  /** True when at least one object, told by name and uid, is in both. */
  sharesObjectWith(other: ObjectCache): boolean {
    for (const key of this.#held.keys()) {
      const theirs = other.#held.get(key);
      if (theirs && theirs.uid === this.#held.get(key)?.uid) return true;
    }
    return false;
  }

  /** Room for so many in all. */
  reserve(count: number): void {
    this.#held.reserve(count);
  }

  /** For building a cache from a list. */
  put({ key, uid, resourceVersion }: ObjectIdentity): void {
    this.#held.set(key, { uid, resourceVersion });
  }

  /** Consumers hold something under this key, and nobody knows what: the next list settles it. */
  doubt(key: string): void {
    this.#held.set(key, { uid: "", resourceVersion: "" });
  }

  /**
   * Applies an event and says what changed for consumers (nothing for late and repeated ones).
   * `project` is called only when its result is needed; null means that consumers do not want this object.
   */
  apply<T>(
    event: Extract<WatchEvent, { raw: unknown }>,
    project: (raw: unknown) => T | null,
  ): CacheChange<T>[] {
    const { identity, type } = event;
    const { key, uid, resourceVersion } = identity;
    const held = this.#held.get(key);
    if (held === undefined && this.#isPast(uid, resourceVersion)) return [];
    const decision = decideChange(type, identity, held);
    if (type === "DELETED" && decision !== "ignore") this.#bury(uid, resourceVersion);
    if (decision === "ignore") return [];

    const value = decision === "remove" ? null : project(event.raw);
    if (value === null) {
      this.#held.delete(key);
      return held === undefined ? [] : [{ type: "removed", key, uid: held.uid }];
    }
    this.#held.set(key, identity);
    if (held === undefined || decision !== "replace") return [{ type: "put", key, value }];
    return [
      { type: "removed", key, uid: held.uid },
      { type: "put", key, value },
    ];
  }

  /** True for a version of an object that the list, or a deletion since then, had already left behind. */
  #isPast(uid: string, resourceVersion: string): boolean {
    if (isOlder(resourceVersion, this.#listVersion)) return true;
    const buried = uid === "" ? undefined : this.#deleted.get(uid);
    return buried !== undefined && !isOlder(buried, resourceVersion);
  }

  #bury(uid: string, resourceVersion: string): void {
    this.#deleted.set(uid, resourceVersion);
    if (this.#deleted.size <= MAX_TOMBSTONES) return;
    for (const oldest of this.#deleted.keys()) {
      this.#deleted.delete(oldest);
      break;
    }
  }
}
