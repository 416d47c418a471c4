import { isOlder } from "./resource-version.ts";
import { decideChange, type ObjectIdentity, type WatchEvent } from "./watch-event.ts";

interface Entry<T> {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly value: T;
}

/** A change as consumers see it. `value` of a deletion is the last one known. */
export type CacheChange<T> =
  | { readonly type: "added"; readonly key: string; readonly value: T }
  | { readonly type: "modified"; readonly key: string; readonly value: T; readonly previous: T }
  | { readonly type: "deleted"; readonly key: string; readonly value: T };

const MAX_TOMBSTONES = 4_096;

/** What the reflector holds of one kind: the slim projection of every object with the version it was made from. */
export class ObjectCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  /** uid → version of the deletion, so that a late event does not bring an object back. Oldest first, bounded. */
  readonly #deleted = new Map<string, string>();
  readonly #listVersion: string;

  /** `listVersion` is that of the list it is built from: what is not in the list did not exist then. */
  constructor(listVersion: string) {
    this.#listVersion = listVersion;
  }

  get size(): number {
    return this.#entries.size;
  }

  values(): T[] {
    return Array.from(this.#entries.values(), (entry) => entry.value);
  }

  /** True when this very object is held, in this version or an older one. */
  leadsTo({ key, uid, resourceVersion }: ObjectIdentity): boolean {
    const held = this.#entries.get(key);
    return held !== undefined && held.uid === uid && !isOlder(resourceVersion, held.resourceVersion);
  }

  /** True when at least one object, told by name and uid, is in both. */
  sharesObjectWith(other: ObjectCache<T>): boolean {
    for (const [key, { uid }] of this.#entries) {
      if (other.#entries.get(key)?.uid === uid) return true;
    }
    return false;
  }

  /** For building a cache from a list. */
  put(identity: ObjectIdentity, value: T): void {
    const { uid, resourceVersion } = identity;
    this.#entries.set(identity.key, { uid, resourceVersion, value });
  }

  /**
   * Applies an event and says what changed for consumers (nothing for late and repeated ones).
   * `project` is called only when its result is needed; null means that consumers do not want this object.
   */
  apply(event: Extract<WatchEvent, { raw: unknown }>, project: (raw: unknown) => T | null): CacheChange<T>[] {
    const { identity, type } = event;
    const { key, uid, resourceVersion } = identity;
    const held = this.#entries.get(key);
    if (held === undefined && this.#isPast(uid, resourceVersion)) return [];
    const decision = decideChange(type, identity, held);
    if (type === "DELETED" && decision !== "ignore") this.#bury(uid, resourceVersion);
    if (decision === "ignore") return [];

    const value = decision === "remove" ? null : project(event.raw);
    if (value === null) {
      this.#entries.delete(key);
      return held === undefined ? [] : [{ type: "deleted", key, value: held.value }];
    }
    this.#entries.set(key, { uid, resourceVersion, value });
    if (held === undefined) return [{ type: "added", key, value }];
    if (decision === "modify") return [{ type: "modified", key, value, previous: held.value }];
    return [
      { type: "deleted", key, value: held.value },
      { type: "added", key, value },
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
