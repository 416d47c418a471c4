import {
  daemonSetSchema,
  deploymentSchema,
  replicaSetSchema,
  statefulSetSchema,
} from "../../schema/core/workloads.ts";
import { objectAt } from "../../store/json.ts";
import type { ResourceType } from "../resource-type.ts";
import { ageColumn, nameColumn } from "../table.ts";
import {
  builtin,
  column,
  containersColumn,
  imagesColumn,
  orZero,
  selectorColumn,
  spec,
  status,
  templateSpec,
} from "./shared.ts";
import { filled } from "./workload-defaults.ts";
import { workloadCauses } from "./workload-rules.ts";

const apps = { group: "apps", version: "v1", namespaced: true, categories: ["all"] } as const;

const deployments = builtin({
  ...apps,
  kind: "Deployment",
  plural: "deployments",
  shortNames: ["deploy"],
  subresources: ["status", "scale"],
  schema: deploymentSchema,
  strategy: {
    generation: true,
    annotationsCount: true,
    metadataWithStatus: true,
    validate: workloadCauses,
    ...filled({}),
  },
  columns: [
    nameColumn,
    column(
      "Ready",
      "Ready pods, of those wanted.",
      (object) => `${orZero(status(object)["readyReplicas"])}/${orZero(spec(object)["replicas"])}`,
    ),
    column("Up-to-date", "Pods of the latest template.", (object) =>
      orZero(status(object)["updatedReplicas"]),
    ),
    column("Available", "Pods that are available.", (object) => orZero(status(object)["availableReplicas"])),
    ageColumn,
    containersColumn(templateSpec),
    imagesColumn(templateSpec),
    selectorColumn,
  ],
});

const replicaSets = builtin({
  ...apps,
  kind: "ReplicaSet",
  plural: "replicasets",
  shortNames: ["rs"],
  subresources: ["status", "scale"],
  schema: replicaSetSchema,
  strategy: {
    generation: true,
    metadataWithStatus: true,
    validate: workloadCauses,
    ...filled({ replicas: 0 }),
  },
  columns: [
    nameColumn,
    column("Desired", "Pods wanted.", (object) => orZero(spec(object)["replicas"]), { type: "integer" }),
    column("Current", "Pods there are.", (object) => orZero(status(object)["replicas"]), { type: "integer" }),
    column("Ready", "Pods that are ready.", (object) => orZero(status(object)["readyReplicas"]), {
      type: "integer",
    }),
    ageColumn,
    containersColumn(templateSpec),
    imagesColumn(templateSpec),
    selectorColumn,
  ],
});

const daemonSets = builtin({
  ...apps,
  kind: "DaemonSet",
  plural: "daemonsets",
  shortNames: ["ds"],
  subresources: ["status"],
  schema: daemonSetSchema,
  strategy: {
    generation: true,
    metadataWithStatus: true,
    validate: workloadCauses,
    ...filled({
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
    }),
  },
  columns: [
    nameColumn,
    ...(
      [
        ["Desired", "desiredNumberScheduled"],
        ["Current", "currentNumberScheduled"],
        ["Ready", "numberReady"],
        ["Up-to-date", "updatedNumberScheduled"],
        ["Available", "numberAvailable"],
      ] as const
    ).map(([name, key]) =>
      column(name, "Number of nodes.", (object) => orZero(status(object)[key]), { type: "integer" }),
    ),
    column(
      "Node Selector",
      "Labels of its nodes.",
      (object) =>
        Object.entries(objectAt(templateSpec(object), "nodeSelector"))
          .map(([key, value]) => `${key}=${String(value)}`)
          .join(",") || "<none>",
    ),
    ageColumn,
    containersColumn(templateSpec),
    imagesColumn(templateSpec),
    selectorColumn,
  ],
});

const statefulSets = builtin({
  ...apps,
  kind: "StatefulSet",
  plural: "statefulsets",
  shortNames: ["sts"],
  subresources: ["status", "scale"],
  schema: statefulSetSchema,
  strategy: {
    generation: true,
    metadataWithStatus: true,
    validate: workloadCauses,
    ...filled({ replicas: 0, availableReplicas: 0 }),
  },
  columns: [
    nameColumn,
    column(
      "Ready",
      "Ready pods, of those wanted.",
      (object) => `${orZero(status(object)["readyReplicas"])}/${orZero(spec(object)["replicas"])}`,
    ),
    ageColumn,
    containersColumn(templateSpec),
    imagesColumn(templateSpec),
  ],
});

export const workloadKinds: readonly ResourceType[] = [daemonSets, deployments, replicaSets, statefulSets];
