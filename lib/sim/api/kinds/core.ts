import {
  configMapSchema,
  eventSchema,
  namespaceSchema,
  nodeSchema,
  serviceAccountSchema,
} from "../../schema/core/objects.ts";
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import { labelRule } from "../names.ts";
import type { ResourceType } from "../resource-type.ts";
import { type Cause, invalidValue, quote } from "../status.ts";
import { age, ageColumn, nameColumn } from "../table.ts";
import { cellText, column, conditionStatus, builtin, spec, status, wide } from "./shared.ts";

const core = { group: "", version: "v1" } as const;

const namespaces = builtin({
  ...core,
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
  shortNames: ["ns"],
  subresources: ["status", "finalize"],
  schema: namespaceSchema,
  strategy: {
    metadataWithStatus: true,
    nameRule: labelRule,
    create: (object) => {
      object.metadata.labels = {
        ...object.metadata.labels,
        "kubernetes.io/metadata.name": object.metadata.name,
      };
      object["spec"] = { ...spec(object), finalizers: ["kubernetes"] };
      object["status"] = { phase: "Active" };
    },
    update: (object, old) => {
      object.metadata.labels = {
        ...object.metadata.labels,
        "kubernetes.io/metadata.name": object.metadata.name,
      };
      if (object.metadata.deletionTimestamp === undefined) object["spec"] = old["spec"];
    },
    markDeleted: (object) => {
      object["status"] = { ...status(object), phase: "Terminating" };
    },
  },
  columns: [
    nameColumn,
    column("Status", "Active or Terminating.", (object) => textAt(status(object), "phase")),
    ageColumn,
  ],
});

const nodes = builtin({
  ...core,
  kind: "Node",
  plural: "nodes",
  namespaced: false,
  shortNames: ["no"],
  subresources: ["status"],
  schema: nodeSchema,
  strategy: { keepStatusOnCreate: true, metadataWithStatus: true },
  columns: [
    nameColumn,
    column("Status", "Whether the node is ready for pods.", nodeState),
    column("Roles", "Roles named by labels.", nodeRoles),
    ageColumn,
    column("Version", "Version of the kubelet.", (node) =>
      textAt(objectAt(status(node), "nodeInfo"), "kubeletVersion"),
    ),
    column("Internal-IP", "Address inside the cluster.", (node) => nodeAddress(node, "InternalIP"), wide),
    column("External-IP", "Address outside the cluster.", (node) => nodeAddress(node, "ExternalIP"), wide),
    column("OS-Image", "Operating system.", (node) => info(node, "osImage"), wide),
    column("Kernel-Version", "Kernel.", kernel, wide),
    column("Container-Runtime", "Container runtime.", (node) => info(node, "containerRuntimeVersion"), wide),
  ],
});

function info(node: KubeObject, key: string): string {
  return cellText(objectAt(status(node), "nodeInfo"), key, "<unknown>");
}

function kernel(node: KubeObject): string {
  const architecture = textAt(objectAt(status(node), "nodeInfo"), "architecture");
  return info(node, "kernelVersion") + (architecture === "" ? "" : ` (${architecture})`);
}

function nodeState(node: KubeObject): string {
  const ready = conditionStatus(node, "Ready");
  const state = ready === "True" ? "Ready" : ready === "" ? "Unknown" : "NotReady";
  return spec(node)["unschedulable"] === true ? `${state},SchedulingDisabled` : state;
}

function nodeRoles(node: KubeObject): string {
  const prefix = "node-role.kubernetes.io/";
  const roles: string[] = [];
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(prefix) && key.length > prefix.length) roles.push(key.slice(prefix.length));
    else if (key === "kubernetes.io/role" && value !== "") roles.push(value);
  }
  return roles.sort().join(",") || "<none>";
}

function nodeAddress(node: KubeObject, type: string): string {
  const found = listAt(status(node), "addresses")
    .filter(isObject)
    .find((one) => one["type"] === type);
  return found === undefined ? "<none>" : textAt(found, "address");
}

const serviceAccounts = builtin({
  ...core,
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  namespaced: true,
  shortNames: ["sa"],
  subresources: ["token"],
  schema: serviceAccountSchema,
  columns: [nameColumn, ageColumn],
});

const configMaps = builtin({
  ...core,
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
  shortNames: ["cm"],
  schema: configMapSchema,
  columns: [
    nameColumn,
    column(
      "Data",
      "Number of entries.",
      (object) =>
        Object.keys(objectAt(object, "data")).length + Object.keys(objectAt(object, "binaryData")).length,
    ),
    ageColumn,
  ],
});

function eventTime(event: KubeObject, first: boolean): string {
  const series = objectAt(event, "series");
  const candidates = first
    ? [textAt(event, "firstTimestamp"), textAt(event, "eventTime")]
    : [textAt(series, "lastObservedTime"), textAt(event, "lastTimestamp"), textAt(event, "eventTime")];
  return candidates.find((one) => one !== "") ?? "";
}

function involved(event: KubeObject): JsonObject {
  return objectAt(event, "involvedObject");
}

/**
 * An event lives beside what it is about; one about an object without namespace lives in `default`.
 * Source: kubernetes/kubernetes pkg/apis/core/validation/events.go legacyValidateEvent
 */
function eventCauses(event: KubeObject): Cause[] {
  const namespace = textAt(involved(event), "namespace");
  if ((namespace || "default") === event.metadata.namespace) return [];
  return [invalidValue("involvedObject.namespace", quote(namespace), "does not match event.namespace")];
}

const events = builtin({
  ...core,
  kind: "Event",
  plural: "events",
  namespaced: true,
  shortNames: ["ev"],
  schema: eventSchema,
  strategy: { validate: eventCauses },
  columns: [
    column("Last Seen", "When it happened last.", (event, now) => age(eventTime(event, false), now)),
    column("Type", "Normal or Warning.", (event) => textAt(event, "type")),
    column("Reason", "A word for programs.", (event) => textAt(event, "reason")),
    column("Object", "What it is about.", (event) => {
      const object = involved(event);
      const kind = textAt(object, "kind").toLowerCase();
      return textAt(object, "name") === "" ? kind : `${kind}/${textAt(object, "name")}`;
    }),
    column("Subobject", "The part it is about.", (event) => textAt(involved(event), "fieldPath"), wide),
    column(
      "Source",
      "Who reports it.",
      (event) => {
        const source = objectAt(event, "source");
        const component = textAt(source, "component") || textAt(event, "reportingComponent");
        const host = textAt(source, "host") || textAt(event, "reportingInstance");
        return host === "" ? component : `${component}, ${host}`;
      },
      wide,
    ),
    column("Message", "A sentence for people.", (event) => textAt(event, "message").trim()),
    column("First Seen", "When it happened first.", (event, now) => age(eventTime(event, true), now), wide),
    column(
      "Count",
      "How often it happened.",
      (event) => {
        const series = numberAt(objectAt(event, "series"), "count");
        return String(series || numberAt(event, "count") || 1);
      },
      wide,
    ),
    { ...nameColumn, priority: 1 },
  ],
});

export const coreKinds: readonly ResourceType[] = [configMaps, events, namespaces, nodes, serviceAccounts];
