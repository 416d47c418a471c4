import { isObject } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { Cluster } from "./cluster.ts";
import { storageKey, systemWrite } from "./cluster.ts";
import { createObject } from "./create-object.ts";
import { deleteNow, deleteObject } from "./delete-object.ts";
import type { ResourceType } from "./resource-type.ts";
import { ApiError } from "./status.ts";
import { updateObject } from "./update-object.ts";

const writer = systemWrite("kube-controller-manager");
const statusWriter = systemWrite("kube-controller-manager", "status");

/**
 * Gives every namespace its `default` service account, and empties a namespace that is being deleted: asks everything in
 * it to go, and lets the namespace go when nothing is left.
 */
export class NamespaceLifecycle {
  readonly #cluster: Cluster;
  readonly #pending = new Set<string>();
  #scheduled = false;
  readonly #stop: () => void;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.checkAll();
    this.#stop = cluster.store.listen((resource, event) => {
      const { metadata } = event.entry.object;
      if (resource === "namespaces") {
        if (event.type !== "DELETED") this.#enqueue(metadata.name);
      } else if (event.type === "DELETED" && metadata.namespace !== undefined) {
        this.#enqueue(metadata.namespace);
      }
    });
  }

  stop(): void {
    this.#stop();
    this.#pending.clear();
  }

  /** Looks at every namespace; after a bulk load. */
  checkAll(): void {
    for (const entry of this.#cluster.store.collection("namespaces").list()) {
      this.#enqueue(entry.object.metadata.name);
    }
  }

  #enqueue(name: string): void {
    this.#pending.add(name);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const names = [...this.#pending];
      this.#pending.clear();
      for (const one of names) this.#check(one);
    });
  }

  #check(name: string): void {
    const namespace = this.#cluster.store.collection("namespaces").get(name)?.object;
    if (namespace === undefined) return;
    try {
      if (namespace.metadata.deletionTimestamp === undefined) this.#ensureAccount(name);
      else this.#empty(namespace);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // refused or gone meanwhile: the next event tries again
    }
  }

  #ensureAccount(namespace: string): void {
    const accounts = this.#cluster.store.collection("serviceaccounts");
    const type = this.#cluster.registry.find("", "v1", "serviceaccounts");
    if (type === null || accounts.get(`${namespace}/default`) !== undefined) return;
    createObject(
      this.#cluster,
      type,
      namespace,
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } },
      writer,
    );
  }

  #empty(namespace: KubeObject): void {
    const { name } = namespace.metadata;
    const left: string[] = [];
    for (const type of this.#namespacedTypes()) {
      const collection = this.#cluster.store.collection(storageKey(type));
      for (const entry of collection.list(name)) {
        const { metadata } = entry.object;
        if (metadata.deletionTimestamp !== undefined) continue;
        deleteObject(this.#cluster, type, name, metadata.name, deleteNow);
      }
      const count = collection.list(name).length;
      if (count > 0) left.push(`${storageKey(type)}. has ${count} resource instances`);
    }
    if (left.length > 0) this.#report(name, left);
    else this.#finish(name);
  }

  /** One type per stored resource, whatever versions it is served in. */
  #namespacedTypes(): Iterable<ResourceType> {
    const byStorage = new Map<string, ResourceType>();
    for (const type of this.#cluster.registry.all()) {
      if (type.namespaced) byStorage.set(storageKey(type), type);
    }
    return byStorage.values();
  }

  #report(name: string, left: readonly string[]): void {
    const type = this.#cluster.registry.find("", "v1", "namespaces");
    if (type === null) return;
    const condition = {
      type: "NamespaceContentRemaining",
      status: "True",
      reason: "SomeResourcesRemain",
      message: `Some resources are remaining: ${left.join(", ")}`,
    };
    updateObject(
      this.#cluster,
      type,
      "",
      name,
      (old) => {
        const status = isObject(old["status"]) ? old["status"] : {};
        const before = Array.isArray(status["conditions"]) ? status["conditions"].find(isObject) : undefined;
        const lastTransitionTime =
          before?.["lastTransitionTime"] ?? old.metadata.deletionTimestamp ?? old.metadata.creationTimestamp;
        return { ...old, status: { ...status, conditions: [{ ...condition, lastTransitionTime }] } };
      },
      statusWriter,
    );
  }

  #finish(name: string): void {
    const type = this.#cluster.registry.find("", "v1", "namespaces");
    if (type === null) return;
    updateObject(
      this.#cluster,
      type,
      "",
      name,
      (old) => {
        const spec = isObject(old["spec"]) ? old["spec"] : {};
        const finalizers = Array.isArray(spec["finalizers"]) ? spec["finalizers"] : [];
        return { ...old, spec: { ...spec, finalizers: finalizers.filter((one) => one !== "kubernetes") } };
      },
      { ...writer, subresource: "finalize" },
    );
  }
}
