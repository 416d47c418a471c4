import type { Store } from "../store/store.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { crdTypes } from "./crd-types.ts";
import type { Registry } from "./registry.ts";
import type { ResourceType } from "./resource-type.ts";
import { qualified } from "./status.ts";

const definitions = "customresourcedefinitions.apiextensions.k8s.io";

/** Serves what the stored CustomResourceDefinitions ask for; removes objects together with their definition. */
export class CustomKinds {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #served = new Map<string, readonly ResourceType[]>();
  readonly #stop: () => void;

  constructor(store: Store, registry: Registry) {
    this.#store = store;
    this.#registry = registry;
    this.refresh();
    this.#stop = store.listen((resource, event) => {
      if (resource !== definitions) return;
      if (event.type === "DELETED") this.#withdraw(event.entry.object);
      else this.#serve(event.entry.object);
    });
  }

  stop(): void {
    this.#stop();
  }

  /** Reads all definitions again; after a bulk load. */
  refresh(): void {
    for (const entry of this.#store.collection(definitions).list()) this.#serve(entry.object);
  }

  #serve(definition: KubeObject): void {
    this.#unregister(definition.metadata.name);
    const types = crdTypes(definition);
    for (const type of types) this.#registry.add(type);
    this.#served.set(definition.metadata.name, types);
  }

  #withdraw(definition: KubeObject): void {
    const types = this.#served.get(definition.metadata.name) ?? [];
    this.#unregister(definition.metadata.name);
    for (const resource of new Set(types.map(qualified))) {
      for (const entry of this.#store.collection(resource).list()) this.#store.remove(resource, entry.key);
    }
  }

  #unregister(name: string): void {
    for (const type of this.#served.get(name) ?? []) {
      this.#registry.remove(type.group, type.version, type.plural);
    }
    this.#served.delete(name);
  }
}
