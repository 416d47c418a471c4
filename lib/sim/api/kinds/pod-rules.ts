import { equalJson, isObject, type Json, type JsonObject, listAt, textAt } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import { labelRule, subdomainRule } from "../names.ts";
import { type Cause, forbiddenValue, invalidValue, quote, required } from "../status.ts";
import { spec } from "./shared.ts";

const restartPolicies = ["Always", "OnFailure", "Never"];

/**
 * What is wrong with a pod, and with the change when it has been there before.
 * Source: kubernetes/kubernetes pkg/apis/core/validation/validation.go ValidatePodCreate, ValidatePodUpdate
 */
export function podCauses(pod: KubeObject, old: KubeObject | null, subresource: string): Cause[] {
  const podSpec = spec(pod);
  const causes = containerCauses(podSpec);
  const policy = textAt(podSpec, "restartPolicy") || "Always";
  if (!restartPolicies.includes(policy)) {
    causes.push({
      reason: "FieldValueNotSupported",
      message: `Unsupported value: ${quote(policy)}: supported values: ${restartPolicies.map(quote).join(", ")}`,
      field: "spec.restartPolicy",
    });
  }
  const node = textAt(podSpec, "nodeName");
  const rule = node === "" ? "" : subdomainRule(node);
  if (rule !== "") causes.push(invalidValue("spec.nodeName", quote(node), rule));
  if (old !== null && !isAllowedChange(spec(old), podSpec, subresource)) {
    causes.push(forbiddenValue("spec", fixedSpec));
  }
  return causes;
}

function containerCauses(podSpec: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const containers = listAt(podSpec, "containers");
  if (containers.length === 0) causes.push(required("spec.containers"));
  const seen = new Set<string>();
  for (const [index, one] of containers.entries()) {
    if (!isObject(one)) continue;
    const at = `spec.containers[${index}]`;
    const name = textAt(one, "name");
    if (name === "") causes.push(required(`${at}.name`));
    else if (labelRule(name) !== "") causes.push(invalidValue(`${at}.name`, quote(name), labelRule(name)));
    else if (seen.has(name)) {
      causes.push({
        reason: "FieldValueDuplicate",
        message: `Duplicate value: ${quote(name)}`,
        field: `${at}.name`,
      });
    }
    seen.add(name);
    if (textAt(one, "image") === "") causes.push(required(`${at}.image`));
    for (const [number, port] of listAt(one, "ports").entries()) {
      causes.push(...portCauses(port, `${at}.ports[${number}].containerPort`));
    }
  }
  return causes;
}

function portCauses(port: Json, field: string): Cause[] {
  const number = isObject(port) ? (port["containerPort"] ?? 0) : 0;
  if (number === 0) return [required(field)];
  if (typeof number === "number" && number >= 1 && number <= 65_535) return [];
  return [invalidValue(field, String(number), "must be between 1 and 65535, inclusive")];
}

const fixedSpec =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

const changeable = new Set([
  "activeDeadlineSeconds",
  "tolerations",
  "terminationGracePeriodSeconds",
  "schedulingGates",
]);

/** A pod's spec is fixed once it exists, but for images, added tolerations and what binding sets. */
function isAllowedChange(before: JsonObject, after: JsonObject, subresource: string): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].every((key) => {
    if (changeable.has(key) || (key === "nodeName" && subresource === "binding")) return true;
    if (key === "containers" || key === "initContainers") {
      return equalJson(withoutImages(before, key), withoutImages(after, key));
    }
    return equalJson(before[key], after[key]);
  });
}

function withoutImages(podSpec: JsonObject, key: string): Json {
  return listAt(podSpec, key)
    .filter(isObject)
    .map(({ image: _image, ...rest }) => rest);
}
