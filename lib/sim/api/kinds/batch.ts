import { cronJobSchema, jobSchema } from "../../schema/core/workloads.ts";
import { isObject, listAt, objectAt, textAt } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { ResourceType } from "../resource-type.ts";
import { age, ageColumn, duration, nameColumn } from "../table.ts";
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
import { filled, jobPodSpec, jobSpec } from "./workload-defaults.ts";

const batch = { group: "batch", version: "v1", namespaced: true, categories: ["all"] } as const;

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

export const batchKinds: readonly ResourceType[] = [cronJobs, jobs];
