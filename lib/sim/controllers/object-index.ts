import type { KubeObject } from "../kube-objects.ts";
import type { ObjectStore } from "./object-store.ts";
import { keyOf } from "./object-store.ts";

/** The objects of a store grouped by a key that each has (a pod's node, its owner), kept up to date with the store. */
export class ObjectIndex<T extends KubeObject> {
  readonly #groups = new Map<string, Map<string, T>>();
  readonly #groupOf = new Map<string, string>();

  /** Made before the store is filled. `group` null: not indexed. */
  constructor(store: ObjectStore<T>, group: (object: T) => string | null) {
    store.onChange((object, gone) => {
      const key = keyOf(object.metadata);
      this.#drop(key);
      const name = gone ? null : group(object);
      if (name === null) return;
      this.#groupOf.set(key, name);
      const members = this.#groups.get(name);
      if (members) members.set(key, object);
      else this.#groups.set(name, new Map([[key, object]]));
    });
  }

  get(group: string): T[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  #drop(key: string): void {
    const name = this.#groupOf.get(key);
    if (name === undefined) return;
    this.#groupOf.delete(key);
    const members = this.#groups.get(name);
    members?.delete(key);
    if (members?.size === 0) this.#groups.delete(name);
  }
}
