import type { ClusterConnection } from "../../kube/connection.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { Reflector } from "../../kube/reflector.ts";
import type { JsonCodec } from "../../kube/request.ts";
import type { KubeObject } from "../kube-objects.ts";
import { ObjectStore } from "./object-store.ts";

/** A store that follows one kind of the cluster. */
export class Informer<T extends KubeObject> {
  readonly store = new ObjectStore<T>();
  /** Resolves with the first complete list. */
  readonly synced: Promise<void>;
  readonly #reflector: Reflector<T>;

  constructor(
    connection: ClusterConnection,
    resource: ResourceRef,
    options: { readonly codec?: JsonCodec } = {},
  ) {
    let arrived = () => {};
    this.synced = new Promise((resolve) => {
      arrived = resolve;
    });
    this.#reflector = new Reflector<T>({
      connection,
      resource,
      // The API server answers for the shape; the fields that kube-objects.ts names are all optional where it leaves any out.
      project: (raw) => raw as T,
      onReplace: (items, { resourceVersion }) => {
        this.store.replace(items, resourceVersion);
        arrived();
      },
      onEvent: (change) => {
        if (change.type === "deleted") this.store.remove(change.value);
        else this.store.put(change.value);
      },
      ...(options.codec ? { codec: options.codec } : {}),
    });
  }

  start(): void {
    this.#reflector.start();
  }

  async stop(): Promise<void> {
    await this.#reflector.stop();
  }
}
