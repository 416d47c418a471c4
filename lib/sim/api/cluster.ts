import { Entry } from "../store/entry.ts";
import type { Store } from "../store/store.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { timestamp } from "../store/kube-object.ts";
import type { Registry } from "./registry.ts";
import type { ResourceType, StrategyContext } from "./resource-type.ts";
import { qualified } from "./status.ts";

/** What every request handler works on. */
export interface Cluster {
  readonly store: Store;
  readonly registry: Registry;
  /** Milliseconds since 1970; faults may skew it. */
  readonly now: () => number;
  /** Lets so many milliseconds of the cluster's clock pass. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** How a write is to be made and recorded. */
export interface WriteOptions {
  readonly manager: string;
  readonly dryRun: boolean;
  readonly subresource: string;
  readonly operation: "Update" | "Apply";
}

/** Writes made by the server's own controllers. */
export function systemWrite(manager: string, subresource = ""): WriteOptions {
  return { manager, dryRun: false, subresource, operation: "Update" };
}

/** The store's name for a resource; all versions of a kind share it. */
export function storageKey(type: Pick<ResourceType, "plural" | "group" | "translation">): string {
  return type.translation?.resource ?? qualified(type);
}

/** A stored object as its kind shows it to clients. */
export function shown(type: ResourceType, entry: Entry): Entry {
  const { translation } = type;
  return translation === undefined
    ? entry
    : new Entry(entry.key, translation.show(entry.object), entry.revision);
}

export function strategyContext(cluster: Cluster): StrategyContext {
  return {
    now: timestamp(cluster.now()),
    list: (resource, namespace) =>
      cluster.store
        .collection(resource)
        .list(namespace)
        .map((entry) => entry.object),
    get: (resource, key): KubeObject | null => cluster.store.collection(resource).get(key)?.object ?? null,
  };
}
