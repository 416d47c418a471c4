import type { ClusterConnection } from "../../kube/connection.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { Reflector } from "../../kube/reflector.ts";
import type { KubeObject, Node, Pod } from "../kube-objects.ts";
import { ObjectStore } from "./object-store.ts";
import { resources } from "./resources.ts";
import { slimPod } from "./slim-pod.ts";

/** A store that follows one kind of the cluster. */
export class Informer<T extends KubeObject> {
  readonly store: ObjectStore<T>;
  /** Resolves with the first complete list. */
  readonly synced: Promise<void>;
  readonly #reflector: Reflector<T>;

  /** `slim` reduces an object to what is looked at, before it is kept. */
  constructor(
    connection: ClusterConnection,
    resource: ResourceRef,
    slim: (object: T) => T = (object) => object,
  ) {
    this.store = new ObjectStore<T>(slim);
    let arrived = () => {};
    this.synced = new Promise((resolve) => {
      arrived = resolve;
    });
    this.#reflector = new Reflector<T>({
      connection,
      resource,
      // The API server answers for the shape; the fields that kube-objects.ts names are all optional where it leaves any out.
      project: (raw) => slim(raw as T),
      onPut: (objects) => {
        for (const object of objects) this.store.put(object);
      },
      onRemove: (gone) => {
        for (const { namespace, name, uid } of gone) {
          const known = this.store.get(name, namespace);
          if (known?.metadata.uid === uid) this.store.remove(known);
        }
      },
      onListed: ({ resourceVersion }) => {
        const isListed = ({ metadata: { namespace = "", name } }: T) =>
          this.#reflector.holds({ namespace, name });
        this.store.settle(isListed, resourceVersion);
        arrived();
      },
    });
  }

  start(): void {
    this.#reflector.start();
  }

  async stop(): Promise<void> {
    await this.#reflector.stop();
  }
}

/** What controllers and node agents of one process both follow: each kind is listed and watched once. */
export interface SharedInformers {
  readonly nodes: Informer<Node>;
  readonly pods: Informer<Pod>;
}

export function sharedInformers(connection: ClusterConnection): SharedInformers {
  return {
    nodes: new Informer<Node>(connection, resources.nodes),
    pods: new Informer<Pod>(connection, resources.pods, slimPod),
  };
}
