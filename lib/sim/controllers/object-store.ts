import { isOlder } from "../../kube/resource-version.ts";
import type { KubeObject } from "../kube-objects.ts";

/**
 * What a controller knows of one kind, fed by a reflector and by the answers to its own writes. An answer counts at
 * once, so a controller never acts on a state from before its own write (which would make it create things twice).
 */
export class ObjectStore<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  /** uids that are gone: a late answer to a write must not bring them back. */
  readonly #gone = new Set<string>();
  readonly #listeners: ((object: T, gone: boolean) => void)[] = [];
  #synced = false;
  readonly #slim: (object: T) => T;

  /** `slim` reduces an object to what is looked at; applied twice it changes nothing more. */
  constructor(slim: (object: T) => T = (object) => object) {
    this.#slim = slim;
  }

  /** False until the first list has arrived. */
  get synced(): boolean {
    return this.#synced;
  }

  onChange(listener: (object: T, gone: boolean) => void): void {
    this.#listeners.push(listener);
  }

  get(name: string, namespace?: string): T | undefined {
    return this.#objects.get(keyOf({ name, ...(namespace === undefined ? {} : { namespace }) }));
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }

  get size(): number {
    return this.#objects.size;
  }

  /** A list as of `revision` is complete. Own writes that are newer than the list are kept. */
  settle(isListed: (object: T) => boolean, revision: string): void {
    for (const known of this.#objects.values()) {
      if (!isListed(known) && !isOlder(revision, known.metadata.resourceVersion)) this.remove(known);
    }
    this.#synced = true;
  }

  /** An object from the watch or from the answer to a write. Older than what is known: ignored. */
  put(object: T): void {
    const key = keyOf(object.metadata);
    const known = this.#objects.get(key);
    if (this.#gone.has(object.metadata.uid)) return;
    if (known && !isOlder(known.metadata.resourceVersion, object.metadata.resourceVersion)) return;
    if (known && known.metadata.uid !== object.metadata.uid) this.remove(known);
    const kept = this.#slim(object);
    this.#objects.set(key, kept);
    for (const listener of this.#listeners) listener(kept, false);
  }

  /** Replaces a known object by what it is about to become, until the next version of it arrives. */
  assume(object: T): void {
    const key = keyOf(object.metadata);
    if (this.#objects.get(key)?.metadata.resourceVersion !== object.metadata.resourceVersion) return;
    this.#objects.set(key, object);
    for (const listener of this.#listeners) listener(object, false);
  }

  remove(object: T): void {
    this.#gone.add(object.metadata.uid);
    if (this.#gone.size > 10_000) this.#forgetOldest();
    const key = keyOf(object.metadata);
    const known = this.#objects.get(key);
    if (!known || known.metadata.uid !== object.metadata.uid) return;
    this.#objects.delete(key);
    for (const listener of this.#listeners) listener(object, true);
  }

  #forgetOldest(): void {
    const [oldest] = this.#gone;
    if (oldest !== undefined) this.#gone.delete(oldest);
  }
}

/** `namespace/name`, or just `name` for kinds without namespaces. */
export function keyOf({ name, namespace }: { readonly name: string; readonly namespace?: string }): string {
  return namespace ? `${namespace}/${name}` : name;
}
