import {
  cronJobSchema,
  daemonSetSchema,
  deploymentSchema,
  jobSchema,
  replicaSetSchema,
  statefulSetSchema,
} from "../../schema/core/workloads.ts";
import { isObject, type JsonObject, listAt, objectAt, textAt } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { ResourceType, Strategy } from "../resource-type.ts";
import { type Cause, invalidValue, required } from "../status.ts";
import { age, ageColumn, duration, nameColumn } from "../table.ts";
import { fillPodSpec } from "./pod-defaults.ts";
import {
  builtin,
  cellText,
  column,
  containersColumn,
  imagesColumn,
  orZero,
  selectorColumn,
  selectorText,
  spec,
  status,
  templateSpec,
} from "./shared.ts";

const apps = { group: "apps", version: "v1", namespaced: true, categories: ["all"] } as const;
const batch = { group: "batch", version: "v1", namespaced: true, categories: ["all"] } as const;

/** Selector and template must agree, and a selector never changes. */
function validateSelector(object: KubeObject, old: KubeObject | null): Cause[] {
  const selector = objectAt(spec(object), "selector");
  const wanted = objectAt(selector, "matchLabels");
  const expressions = listAt(selector, "matchExpressions");
  const template = objectAt(spec(object), "template");
  const labels = objectAt(objectAt(template, "metadata"), "labels");
  const causes: Cause[] = [];
  if (Object.keys(wanted).length === 0 && expressions.length === 0) {
    causes.push(required("spec.selector"));
    if (spec(object)["selector"] !== undefined) {
      causes.push(invalidValue("spec.selector", "{}", "empty selector is invalid for deployment"));
    }
  } else if (Object.entries(wanted).some(([key, value]) => labels[key] !== value)) {
    causes.push(
      invalidValue(
        "spec.template.metadata.labels",
        JSON.stringify(labels),
        "`selector` does not match template `labels`",
      ),
    );
  }
  const containers = listAt(objectAt(template, "spec"), "containers").filter(isObject);
  if (containers.length === 0) causes.push(required("spec.template.spec.containers"));
  for (const [index, one] of containers.entries()) {
    if (textAt(one, "name") === "") causes.push(required(`spec.template.spec.containers[${index}].name`));
    if (textAt(one, "image") === "") causes.push(required(`spec.template.spec.containers[${index}].image`));
  }
  if (typeof spec(object)["replicas"] === "number" && orZero(spec(object)["replicas"]) < 0) {
    causes.push(
      invalidValue("spec.replicas", String(spec(object)["replicas"]), "must be greater than or equal to 0"),
    );
  }
  if (old !== null && JSON.stringify(spec(old)["selector"]) !== JSON.stringify(spec(object)["selector"])) {
    causes.push(invalidValue("spec.selector", JSON.stringify(selector), "field is immutable"));
  }
  return causes;
}

/** Defaults that depend on other fields, on every write; the status only at creation. */
function filled(initial: JsonObject): Pick<Strategy, "create" | "update"> {
  return {
    create: (object) => {
      object["status"] = { ...initial };
      fill(object);
    },
    update: (object) => fill(object),
  };
}

function fill(object: KubeObject): void {
  fillPodSpec(object.kind === "CronJob" ? jobPodSpec(object) : templateSpec(object));
  const wanted = spec(object);
  if (object.kind === "Deployment") {
    const strategy = objectAt(wanted, "strategy");
    if (strategy["type"] === "RollingUpdate") {
      strategy["rollingUpdate"] = {
        maxSurge: "25%",
        maxUnavailable: "25%",
        ...objectAt(strategy, "rollingUpdate"),
      };
    }
  } else if (object.kind === "DaemonSet" || object.kind === "StatefulSet") {
    const strategy = objectAt(wanted, "updateStrategy");
    if (strategy["type"] !== "RollingUpdate") return;
    const usual = object.kind === "DaemonSet" ? { maxSurge: 0, maxUnavailable: 1 } : { partition: 0 };
    strategy["rollingUpdate"] = { ...usual, ...objectAt(strategy, "rollingUpdate") };
  } else if (object.kind === "Job") {
    wanted["completions"] ??= 1;
    wanted["parallelism"] ??= 1;
  }
}

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
    validate: validateSelector,
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
    validate: validateSelector,
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
    validate: validateSelector,
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
    validate: validateSelector,
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

function jobState(job: KubeObject): string {
  const conditions = listAt(status(job), "conditions").filter(isObject);
  const holds = (type: string): boolean =>
    conditions.some((one) => one["type"] === type && one["status"] === "True");
  if (holds("Complete")) return "Complete";
  if (holds("Failed")) return "Failed";
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (holds("Suspended")) return "Suspended";
  return holds("FailureTarget") ? "FailureTarget" : "Running";
}

const jobs = builtin({
  ...batch,
  kind: "Job",
  plural: "jobs",
  subresources: ["status"],
  schema: jobSchema,
  strategy: { generation: true, metadataWithStatus: true, ...filled({}) },
  columns: [
    nameColumn,
    column("Status", "Whether it is done.", jobState),
    column(
      "Completions",
      "Finished pods, of those wanted.",
      (job) => `${orZero(status(job)["succeeded"])}/${cellText(spec(job), "completions", "1")}`,
    ),
    column("Duration", "How long it ran.", (job, now) => {
      const start = Date.parse(textAt(status(job), "startTime"));
      if (Number.isNaN(start)) return "";
      const end = Date.parse(textAt(status(job), "completionTime"));
      return duration(Math.floor(((Number.isNaN(end) ? now : end) - start) / 1000));
    }),
    ageColumn,
    containersColumn(templateSpec),
    imagesColumn(templateSpec),
    selectorColumn,
  ],
});

const cronJobs = builtin({
  ...batch,
  kind: "CronJob",
  plural: "cronjobs",
  shortNames: ["cj"],
  subresources: ["status"],
  schema: cronJobSchema,
  strategy: { generation: true, metadataWithStatus: true, ...filled({}) },
  columns: [
    nameColumn,
    column("Schedule", "When it runs.", (object) => textAt(spec(object), "schedule")),
    column("Timezone", "Time zone of the schedule.", (object) => cellText(spec(object), "timeZone")),
    column(
      "Suspend",
      "Whether it is paused.",
      (object) => (spec(object)["suspend"] === true ? "True" : "False"),
      { type: "boolean" },
    ),
    column("Active", "Jobs that run.", (object) => listAt(status(object), "active").length, {
      type: "integer",
    }),
    column("Last Schedule", "When it ran last.", (object, now) => {
      const last = textAt(status(object), "lastScheduleTime");
      return last === "" ? "<none>" : age(last, now);
    }),
    ageColumn,
    containersColumn(jobPodSpec),
    imagesColumn(jobPodSpec),
    column(
      "Selector",
      "Labels of its pods.",
      (object) => selectorText(objectAt(jobSpec(object), "selector")),
      { priority: 1 },
    ),
  ],
});

function jobSpec(object: KubeObject): JsonObject {
  return objectAt(objectAt(spec(object), "jobTemplate"), "spec");
}

function jobPodSpec(object: KubeObject): JsonObject {
  return objectAt(objectAt(jobSpec(object), "template"), "spec");
}

export const workloadKinds: readonly ResourceType[] = [
  daemonSets,
  deployments,
  replicaSets,
  statefulSets,
  cronJobs,
  jobs,
];
