import type { Store } from "../store/store.ts";
import type { KubeObject, OwnerReference } from "../store/kube-object.ts";
import type { Cluster } from "./cluster.ts";
import { storageKey, systemWrite } from "./cluster.ts";
import { deleteNow, deleteObject } from "./delete-object.ts";
import type { ResourceType } from "./resource-type.ts";
import { ApiError } from "./status.ts";
import { updateObject } from "./update-object.ts";

interface Place {
  readonly resource: string;
  readonly key: string;
}

const writer = systemWrite("kube-controller-manager");

/**
 * Follows owner references: deletes what lost its last owner, holds an owner that is deleted in the foreground until its
 * dependents are gone, and lets go of dependents that are to be orphaned. Works through a queue, after the write that caused it.
 */
export class GarbageCollector {
  readonly #cluster: Cluster;
  readonly #store: Store;
  /** Owner uid → places of its dependents. */
  readonly #dependents = new Map<string, Map<string, Place>>();
  readonly #uids = new Map<string, Place>();
  readonly #queue = new Map<string, () => void>();
  #scheduled = false;
  readonly #stop: () => void;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#store = cluster.store;
    this.rebuild();
    this.#stop = this.#store.listen((resource, event) => {
      const { object, key } = event.entry;
      const place = { resource, key };
      if (event.previous !== null) this.#forget(event.previous.object, place);
      if (event.type === "DELETED") {
        this.#uids.delete(object.metadata.uid);
        this.#enqueue(`gone/${object.metadata.uid}`, () => this.#ownerGone(object.metadata.uid));
        for (const owner of object.metadata.ownerReferences ?? []) this.#checkOwner(owner.uid);
      } else {
        this.#learn(object, place);
        if (event.type === "ADDED" && (object.metadata.ownerReferences ?? []).length > 0) {
          this.#enqueue(`check/${resource}/${key}`, () => this.#collect(place));
        }
        if (object.metadata.deletionTimestamp !== undefined) this.#checkOwner(object.metadata.uid);
      }
    });
  }

  stop(): void {
    this.#stop();
    this.#queue.clear();
  }

  /** Reads the whole store again; after a bulk load. */
  rebuild(): void {
    this.#dependents.clear();
    this.#uids.clear();
    for (const collection of this.#store.collections()) {
      for (const entry of collection.list()) {
        this.#learn(entry.object, { resource: collection.resource, key: entry.key });
        if (entry.object.metadata.deletionTimestamp !== undefined)
          this.#checkOwner(entry.object.metadata.uid);
      }
    }
  }

  #learn(object: KubeObject, place: Place): void {
    this.#uids.set(object.metadata.uid, place);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid) ?? new Map<string, Place>();
      dependents.set(`${place.resource}/${place.key}`, place);
      this.#dependents.set(owner.uid, dependents);
    }
  }

  #forget(object: KubeObject, place: Place): void {
    for (const owner of object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(`${place.resource}/${place.key}`);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
  }

  #enqueue(id: string, work: () => void): void {
    this.#queue.set(id, work);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    this.#scheduled = false;
    const batch = [...this.#queue.values()];
    this.#queue.clear();
    for (const work of batch) {
      try {
        work();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error; // refused or gone meanwhile: nothing left to do
      }
    }
  }

  #ownerGone(uid: string): void {
    for (const place of this.#dependentsOf(uid)) this.#collect(place);
  }

  #checkOwner(uid: string): void {
    this.#enqueue(`owner/${uid}`, () => this.#finishOwner(uid));
  }

  /** Deletes the object when none of its owners is left; otherwise drops the references that lead nowhere. */
  #collect(place: Place): void {
    const object = this.#object(place);
    const type = this.#type(place);
    if (object === null || type === null || object.metadata.deletionTimestamp !== undefined) return;
    const owners = object.metadata.ownerReferences ?? [];
    const living = owners.filter((owner) => this.#mayLive(owner));
    if (owners.length === 0 || living.length === owners.length) return;
    const { namespace = "", name, uid } = object.metadata;
    if (living.length === 0) deleteObject(this.#cluster, type, namespace, name, { ...deleteNow, uid });
    else this.#setOwners(type, object, living);
  }

  /** Unknown kinds count as living: nothing is deleted on a guess. */
  #mayLive(owner: OwnerReference): boolean {
    return (
      this.#uids.has(owner.uid) || this.#cluster.registry.findKind(owner.apiVersion, owner.kind) === null
    );
  }

  #finishOwner(uid: string): void {
    const place = this.#uids.get(uid);
    if (place === undefined) return;
    const owner = this.#object(place);
    const type = this.#type(place);
    if (owner === null || type === null || owner.metadata.deletionTimestamp === undefined) return;
    const finalizers = owner.metadata.finalizers ?? [];
    if (finalizers.includes("orphan")) {
      this.#release(uid);
      this.#dropFinalizer(type, owner, "orphan");
    } else if (finalizers.includes("foregroundDeletion") && !this.#isBlocked(uid)) {
      this.#dropFinalizer(type, owner, "foregroundDeletion");
    }
  }

  /** A copy: what is done to them changes the index. */
  #dependentsOf(uid: string): Place[] {
    return Array.from(this.#dependents.get(uid)?.values() ?? []);
  }

  #release(uid: string): void {
    for (const place of this.#dependentsOf(uid)) {
      const object = this.#object(place);
      const type = this.#type(place);
      if (object === null || type === null) continue;
      const others = (object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
      this.#setOwners(type, object, others);
    }
  }

  /** Asks all dependents to go; true while one of them still blocks. */
  #isBlocked(uid: string): boolean {
    let blocked = false;
    for (const place of this.#dependentsOf(uid)) {
      const object = this.#object(place);
      const type = this.#type(place);
      if (object === null || type === null) continue;
      const { namespace = "", name, deletionTimestamp } = object.metadata;
      if (deletionTimestamp === undefined) {
        deleteObject(this.#cluster, type, namespace, name, { ...deleteNow, propagation: "Foreground" });
      }
      const reference = object.metadata.ownerReferences?.find((one) => one.uid === uid);
      if (reference?.blockOwnerDeletion === true && this.#object(place) !== null) blocked = true;
    }
    return blocked;
  }

  #setOwners(type: ResourceType, object: KubeObject, owners: OwnerReference[]): void {
    const { namespace = "", name } = object.metadata;
    updateObject(
      this.#cluster,
      type,
      namespace,
      name,
      (old) => ({ ...old, metadata: { ...old.metadata, ownerReferences: owners } }),
      writer,
    );
  }

  #dropFinalizer(type: ResourceType, object: KubeObject, finalizer: string): void {
    const { namespace = "", name } = object.metadata;
    updateObject(
      this.#cluster,
      type,
      namespace,
      name,
      (old) => ({
        ...old,
        metadata: {
          ...old.metadata,
          finalizers: (old.metadata.finalizers ?? []).filter((one) => one !== finalizer),
        },
      }),
      writer,
    );
  }

  #object(place: Place): KubeObject | null {
    return this.#store.collection(place.resource).get(place.key)?.object ?? null;
  }

  #type(place: Place): ResourceType | null {
    for (const type of this.#cluster.registry.all()) {
      if (type.translation === undefined && storageKey(type) === place.resource) return type;
    }
    return null;
  }
}
