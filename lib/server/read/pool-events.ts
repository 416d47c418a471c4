import { record, text } from "../../calico/reading.ts";
import type { List } from "../../contract/common.ts";
import type { KubernetesEvent } from "../../contract/pool-events.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { listAll } from "../../kube/objects.ts";
import { compareText } from "../../inventory/table.ts";
import { poolNamed } from "./pools.ts";
import { ask } from "./upstream.ts";

const events = { group: "", version: "v1", plural: "events", namespaced: true };

/** Kubernetes Events about the pool, newest first, read fresh by whoever asks: they are few, and nobody else needs them. */
export async function readPoolEvents(
  inventory: Inventory,
  connection: ClusterConnection,
  name: string,
): Promise<List<KubernetesEvent>> {
  poolNamed(inventory, name);
  const fieldSelector = `involvedObject.kind=IPPool,involvedObject.name=${name}`;
  const { items } = await ask("list", events, () => listAll(connection, events, { fieldSelector }));
  const found = items
    .map(toEvent)
    .sort((one, other) => compareText(other.lastSeen ?? "", one.lastSeen ?? ""));
  return { items: found, total: found.length };
}

function toEvent(raw: unknown): KubernetesEvent {
  const event = record(raw);
  const series = record(event.series);
  const first =
    text(event.firstTimestamp) ?? text(event.eventTime) ?? text(record(event.metadata).creationTimestamp);
  const count = [series.count, event.count].find((one) => typeof one === "number" && one > 0);
  return {
    type: text(event.type) ?? "Normal",
    reason: text(event.reason) ?? "",
    message: text(event.message) ?? "",
    count: typeof count === "number" ? Math.trunc(count) : 1,
    firstSeen: first,
    lastSeen: text(series.lastObservedTime) ?? text(event.lastTimestamp) ?? first,
    source: text(event.reportingComponent) ?? text(record(event.source).component),
  };
}
