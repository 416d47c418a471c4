import type { ClusterConnection } from "../kube/connection.ts";
import type { ResourceRef } from "../kube/paths.ts";
import { Reflector } from "../kube/reflector.ts";
import { calicoResource } from "./discover.ts";
import type { Inventory } from "./inventory.ts";
import type { KindSource } from "./kind-states.ts";
import type { Kind } from "./kinds.ts";
import type { Row } from "./table.ts";

interface Feed {
  readonly resource: ResourceRef;
  readonly fieldSelector?: string;
  /** Blocks are large: smaller pages stall the loop less. */
  readonly pageSize?: number;
}

function coreResource(plural: string, namespaced: boolean): ResourceRef {
  return { group: "", version: "v1", plural, namespaced };
}

/** What each kind is read from. IPAMHandles are not here: one object a pod, listed by whoever asks for them. */
const feeds: Readonly<Record<Kind, Feed>> = {
  pools: { resource: calicoResource("ippools") },
  blocks: { resource: calicoResource("ipamblocks"), pageSize: 250 },
  affinities: { resource: calicoResource("blockaffinities") },
  ipamConfig: { resource: calicoResource("ipamconfigs") },
  reservations: { resource: calicoResource("ipreservations") },
  clusterInformation: { resource: calicoResource("clusterinformations") },
  felixConfiguration: { resource: calicoResource("felixconfigurations") },
  nodes: { resource: coreResource("nodes", false) },
  namespaces: { resource: coreResource("namespaces", false) },
  pods: { resource: coreResource("pods", true) },
  sandboxFailures: { resource: coreResource("events", true), fieldSelector: "reason=FailedCreatePodSandBox" },
};

/** Starts one reflector a kind; the returned function ends them. The whole process shares them, whatever the number of viewers. */
export function startFeeds(inventory: Inventory, connection: ClusterConnection): () => Promise<void> {
  const entries = Object.entries(feeds) as [Kind, Feed][];
  const reflectors = entries.map(([kind, feed]) => startFeed(inventory, connection, kind, feed));
  return async () => {
    await Promise.all(reflectors.map((reflector) => reflector.stop()));
  };
}

function startFeed(
  inventory: Inventory,
  connection: ClusterConnection,
  kind: Kind,
  feed: Feed,
): Reflector<Row> {
  // While the first list is read its rows are stored page by page: all at once they would hold up the loop. They are not
  // shown before the list is whole, and what does not belong is gone with `onReplace`.
  let isFirstList = true;
  let epoch: number | null = null;
  let wasKnown = false;
  const reflector = new Reflector<Row>({
    ...feed,
    connection,
    project: (raw) => {
      const row = inventory.project(kind, raw);
      if (row && isFirstList) inventory.put(kind, row);
      return row;
    },
    onReplace: (rows, info) => {
      isFirstList = false;
      inventory.replace(kind, rows);
      // Versions before and after no longer compare: every viewer starts over.
      if (epoch !== null && epoch !== info.epoch) inventory.changes.resetAll({ newEpoch: true });
      epoch = info.epoch;
    },
    onEvent: ({ type, value }) => {
      if (type === "deleted") inventory.remove(kind, value.namespace, value.name);
      else inventory.put(kind, value);
    },
    onState: () => {
      const isKnown = inventory.states.knows(kind);
      if (isKnown !== wasKnown) inventory.changes.resetAll({ newEpoch: false });
      wasKnown = isKnown;
    },
  });
  inventory.states.set(kind, sourceOf(reflector, feed.resource));
  reflector.start();
  return reflector;
}

/** A spread would copy what the reflector says now; this asks it each time. */
function sourceOf(reflector: Reflector<Row>, resource: ResourceRef): KindSource {
  return {
    resource,
    get state() {
      return reflector.state;
    },
    get synced() {
      return reflector.synced;
    },
    get confirmedAt() {
      return reflector.confirmedAt;
    },
  };
}
