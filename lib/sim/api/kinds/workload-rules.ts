import {
  equalJson,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
} from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import { type Cause, invalidValue, required } from "../status.ts";
import { spec } from "./shared.ts";

/** As the API server calls the kind when it refuses an empty selector; replica sets are called deployments there too. */
const calledInMessages: Readonly<Record<string, string>> = {
  DaemonSet: "daemonset",
  StatefulSet: "statefulset",
};

/**
 * What is wrong with a workload of `apps`: selector and template must agree, and a selector never changes.
 * Source: kubernetes/kubernetes pkg/apis/apps/validation/validation.go
 */
export function workloadCauses(object: KubeObject, old: KubeObject | null): Cause[] {
  const selector = objectAt(spec(object), "selector");
  const template = objectAt(spec(object), "template");
  const labels = objectAt(objectAt(template, "metadata"), "labels");
  const causes: Cause[] = [];
  const isEmpty =
    Object.keys(objectAt(selector, "matchLabels")).length + listAt(selector, "matchExpressions").length === 0;
  if (spec(object)["selector"] === undefined) {
    causes.push(required("spec.selector"));
  } else if (isEmpty) {
    const kind = calledInMessages[object.kind] ?? "deployment";
    causes.push(invalidValue("spec.selector", "{}", `empty selector is invalid for ${kind}`));
  } else if (!selects(selector, labels)) {
    causes.push(
      invalidValue(
        "spec.template.metadata.labels",
        JSON.stringify(labels),
        "`selector` does not match template `labels`",
      ),
    );
  }
  causes.push(...templateCauses(template));
  const replicas = numberAt(spec(object), "replicas");
  if (replicas < 0) {
    causes.push(invalidValue("spec.replicas", String(replicas), "must be greater than or equal to 0"));
  }
  if (old !== null && !equalJson(spec(old)["selector"], spec(object)["selector"])) {
    causes.push(invalidValue("spec.selector", JSON.stringify(selector), "field is immutable"));
  }
  return causes;
}

function templateCauses(template: JsonObject): Cause[] {
  const containers = listAt(objectAt(template, "spec"), "containers");
  if (containers.length === 0) return [required("spec.template.spec.containers")];
  return containers.flatMap((container, index) => {
    const at = `spec.template.spec.containers[${index}]`;
    if (!isObject(container)) return [];
    return ["name", "image"]
      .filter((key) => textAt(container, key) === "")
      .map((key) => required(`${at}.${key}`));
  });
}

function selects(selector: JsonObject, labels: JsonObject): boolean {
  const matchLabels = Object.entries(objectAt(selector, "matchLabels"));
  if (matchLabels.some(([key, value]) => !Object.hasOwn(labels, key) || labels[key] !== value)) return false;
  return listAt(selector, "matchExpressions")
    .filter(isObject)
    .every((one) => {
      const key = textAt(one, "key");
      const isPresent = Object.hasOwn(labels, key);
      const isListed = isPresent && listAt(one, "values").includes(labels[key] ?? null);
      switch (textAt(one, "operator")) {
        case "In":
          return isListed;
        case "NotIn":
          return !isListed;
        case "Exists":
          return isPresent;
        default:
          return !isPresent;
      }
    });
}
