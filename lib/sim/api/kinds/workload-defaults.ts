import { type JsonObject, objectAt } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { Strategy } from "../resource-type.ts";
import { fillPodSpec } from "./pod-defaults.ts";
import { spec, templateSpec } from "./shared.ts";

/** Defaults that depend on other fields, on every write; the status only at creation. */
export function filled(initial: JsonObject): Pick<Strategy, "create" | "update"> {
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

/** The wish of the jobs that a cron job makes. */
export function jobSpec(object: KubeObject): JsonObject {
  return objectAt(objectAt(spec(object), "jobTemplate"), "spec");
}

export function jobPodSpec(object: KubeObject): JsonObject {
  return objectAt(objectAt(jobSpec(object), "template"), "spec");
}
