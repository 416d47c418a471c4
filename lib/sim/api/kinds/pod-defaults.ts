import { isObject, type JsonObject, listAt, objectAt, textAt } from "../../store/json.ts";

/**
 * Defaults of a pod's or template's spec that depend on other fields.
 * Source: kubernetes/kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Container, SetDefaults_PodSpec
 */
export function fillPodSpec(podSpec: JsonObject): void {
  for (const key of ["containers", "initContainers"]) {
    for (const container of listAt(podSpec, key).filter(isObject)) {
      const image = textAt(container, "image");
      if (image !== "") container["imagePullPolicy"] ??= isLatest(image) ? "Always" : "IfNotPresent";
    }
  }
  if (podSpec["hostNetwork"] === true) {
    for (const container of listAt(podSpec, "containers").filter(isObject)) {
      for (const port of listAt(container, "ports").filter(isObject)) {
        port["hostPort"] ??= port["containerPort"] ?? 0;
      }
    }
  }
}

function isLatest(image: string): boolean {
  const name = image.slice(image.lastIndexOf("/") + 1);
  if (name.includes("@")) return false;
  return !name.includes(":") || name.endsWith(":latest");
}

/** What a pod limits but does not request is requested; templates stay as they are. Source: same file, SetDefaults_Pod */
export function requestLimits(podSpec: JsonObject): void {
  for (const container of ["containers", "initContainers"].flatMap((key) => listAt(podSpec, key))) {
    if (!isObject(container)) continue;
    const resources = objectAt(container, "resources");
    const limits = objectAt(resources, "limits");
    if (Object.keys(limits).length === 0) continue;
    resources["requests"] = { ...limits, ...objectAt(resources, "requests") };
  }
}
