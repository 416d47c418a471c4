import { podSchema } from "../../schema/core/pod.ts";
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import { fillPodSpec, requestLimits } from "./pod-defaults.ts";
import { podColumns } from "./pod-columns.ts";
import { podCauses } from "./pod-rules.ts";
import { builtin, containersOf, spec, status } from "./shared.ts";

const notReadyTolerations = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** What admission and defaulting of a real cluster leave on a new pod. */
function create(pod: KubeObject): void {
  const podSpec = spec(pod);
  pod["spec"] = podSpec;
  fillPodSpec(podSpec);
  requestLimits(podSpec);
  podSpec["enableServiceLinks"] ??= true;
  const account = textAt(podSpec, "serviceAccountName") || textAt(podSpec, "serviceAccount") || "default";
  podSpec["serviceAccountName"] = account;
  podSpec["serviceAccount"] = account;
  const tolerations = listAt(podSpec, "tolerations");
  for (const key of notReadyTolerations) {
    const known = tolerations.filter(isObject).some((one) => one["key"] === key || textAt(one, "key") === "");
    if (!known) tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
  }
  podSpec["tolerations"] = tolerations;
  podSpec["priority"] ??= 0;
  podSpec["preemptionPolicy"] ??= "PreemptLowerPriority";
  pod["status"] = { phase: "Pending", qosClass: qualityOf(podSpec) };
}

function qualityOf(podSpec: JsonObject): string {
  const containers = [...containersOf(podSpec), ...listAt(podSpec, "initContainers").filter(isObject)];
  const sets = containers.map((one) => objectAt(one, "resources"));
  const isEmpty = sets.every(
    (one) =>
      Object.keys(objectAt(one, "requests")).length + Object.keys(objectAt(one, "limits")).length === 0,
  );
  if (isEmpty) return "BestEffort";
  const guaranteed = sets.every((one) => {
    const limits = objectAt(one, "limits");
    const requests = objectAt(one, "requests");
    return ["cpu", "memory"].every(
      (name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name],
    );
  });
  return guaranteed ? "Guaranteed" : "Burstable";
}

function gracePeriod(pod: KubeObject, requested: number | null): number {
  const phase = textAt(status(pod), "phase");
  if (textAt(spec(pod), "nodeName") === "" || phase === "Succeeded" || phase === "Failed") return 0;
  if (requested !== null) return requested;
  const own = spec(pod)["terminationGracePeriodSeconds"];
  return typeof own === "number" ? numberAt(spec(pod), "terminationGracePeriodSeconds") : 30;
}

export const pods = builtin({
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  namespaced: true,
  shortNames: ["po"],
  categories: ["all"],
  subresources: [
    "status",
    "binding",
    "eviction",
    "log",
    "exec",
    "attach",
    "portforward",
    "ephemeralcontainers",
  ],
  schema: podSchema,
  strategy: { generation: true, metadataWithStatus: true, create, validate: podCauses, gracePeriod },
  columns: podColumns,
});
