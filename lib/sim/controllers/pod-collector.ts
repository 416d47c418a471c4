import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { removeObject } from "../../kube/objects.ts";
import type { Node, Pod } from "../kube-objects.ts";
import type { ObjectIndex } from "./object-index.ts";
import type { ObjectStore } from "./object-store.ts";
import { keyOf } from "./object-store.ts";
import { resources } from "./resources.ts";
import { WorkQueue } from "./work-queue.ts";

/** How long a pod may name a node that does not exist (yet). */
const graceMs = 40_000;

/**
 * Deletes pods whose node is gone: at once when the node was seen going, after 40 s when it never existed. Their
 * addresses stay allocated, because nothing is left on that node to release them.
 * Source: kubernetes/kubernetes pkg/controller/podgc/gc_controller.go gcOrphaned (which waits 40 s in both cases)
 */
export class PodCollector {
  readonly queue: WorkQueue;

  constructor(
    connection: ClusterConnection,
    nodes: ObjectStore<Node>,
    pods: ObjectStore<Pod>,
    podsByNode: ObjectIndex<Pod>,
  ) {
    this.queue = new WorkQueue(
      async (key) => {
        const [namespace = "", name = ""] = key.split("/");
        const pod = pods.get(name, namespace);
        if (!pod?.spec.nodeName || nodes.get(pod.spec.nodeName)) return;
        try {
          const ref = { resource: resources.pods, namespace, name };
          await removeObject(connection, ref, { uid: pod.metadata.uid, gracePeriodSeconds: 0 });
        } catch (error) {
          if (!(error instanceof ApiError && (error.status === 404 || error.status === 409))) throw error;
        }
        pods.remove(pod);
      },
      () => {},
    );
    pods.onChange((pod, gone) => {
      const { nodeName } = pod.spec;
      if (!gone && nodeName && !nodes.get(nodeName)) this.queue.addAfter(keyOf(pod.metadata), graceMs);
    });
    nodes.onChange((node, gone) => {
      if (!gone) return;
      for (const pod of podsByNode.get(node.metadata.name)) this.queue.add(keyOf(pod.metadata));
    });
  }
}
