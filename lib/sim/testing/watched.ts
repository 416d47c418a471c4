import type { ClusterConnection } from "../../kube/connection.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { Informer } from "../controllers/informer.ts";
import type { ObjectStore } from "../controllers/object-store.ts";
import type { KubeObject } from "../kube-objects.ts";

/** One kind of a cluster, followed so that a test can wait for something to become true without asking again and again. */
export class Watched<T extends KubeObject> {
  readonly #informer: Informer<T>;
  #wake: () => void = () => {};

  private constructor(informer: Informer<T>) {
    this.#informer = informer;
    informer.store.onChange(() => this.#wake());
  }

  static async start<T extends KubeObject>(
    connection: ClusterConnection,
    resource: ResourceRef,
  ): Promise<Watched<T>> {
    const watched = new Watched(new Informer<T>(connection, resource));
    watched.#informer.start();
    await watched.#informer.synced;
    return watched;
  }

  get store(): ObjectStore<T> {
    return this.#informer.store;
  }

  /** The first value that is not null, looked for after every change; fails after `deadlineMs` with what was waited for. */
  async until<R>(what: string, look: (store: ObjectStore<T>) => R | null, deadlineMs = 15_000): Promise<R> {
    const { store } = this.#informer;
    const end = performance.now() + deadlineMs;
    for (let found = look(store); ; found = look(store)) {
      if (found !== null) return found;
      const left = end - performance.now();
      if (left <= 0) throw new Error(`not within ${deadlineMs} ms: ${what}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  stop(): Promise<void> {
    return this.#informer.stop();
  }
}
