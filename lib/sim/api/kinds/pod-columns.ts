import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import { age, ageColumn, nameColumn, type TableColumn } from "../table.ts";
import { cellText, column, conditionStatus, containersOf, spec, status, wide } from "./shared.ts";

interface PodLine {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  /** RFC 3339 of the last restart, or "". */
  readonly lastRestart: string;
}

/** What `kubectl get pods` says about a pod. Source: kubernetes/kubernetes pkg/printers/internalversion/printers.go printPod */
function podLine(pod: KubeObject): PodLine {
  const podStatus = status(pod);
  const phase = textAt(podStatus, "phase");
  let reason = textAt(podStatus, "reason") || phase;
  const gated = conditions(podStatus).some(
    (one) => one["type"] === "PodScheduled" && one["reason"] === "SchedulingGated",
  );
  if (gated) reason = "SchedulingGated";
  const starting = initReason(pod);
  const main = containerSummary(listAt(podStatus, "containerStatuses").filter(isObject));
  if (starting !== null) reason = starting;
  else if (main.reason !== "") reason = main.reason;
  if (reason === "Completed" && main.hasRunning) {
    reason = conditionStatus(pod, "Ready") === "True" ? "Running" : "NotReady";
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (textAt(podStatus, "reason") === "NodeLost") reason = "Unknown";
    else if (phase !== "Succeeded" && phase !== "Failed") reason = "Terminating";
  }
  return {
    ready: main.ready,
    total: containersOf(spec(pod)).length,
    reason,
    restarts: main.restarts,
    lastRestart: main.lastRestart,
  };
}

function conditions(podStatus: JsonObject): JsonObject[] {
  return listAt(podStatus, "conditions").filter(isObject);
}

function initReason(pod: KubeObject): string | null {
  const statuses = listAt(status(pod), "initContainerStatuses").filter(isObject);
  const total = listAt(spec(pod), "initContainers").length;
  for (const [index, one] of statuses.entries()) {
    const state = objectAt(one, "state");
    const terminated = objectAt(state, "terminated");
    const waiting = objectAt(state, "waiting");
    if (isObject(state["terminated"]) && numberAt(terminated, "exitCode") === 0) continue;
    if (isObject(state["terminated"])) return `Init:${endText(terminated)}`;
    const why = textAt(waiting, "reason");
    if (why !== "" && why !== "PodInitializing") return `Init:${why}`;
    return `Init:${index}/${total}`;
  }
  return null;
}

function endText(terminated: JsonObject): string {
  const reason = textAt(terminated, "reason");
  if (reason !== "") return reason;
  const signal = numberAt(terminated, "signal");
  return signal === 0 ? `ExitCode:${numberAt(terminated, "exitCode")}` : `Signal:${signal}`;
}

interface ContainerSummary {
  reason: string;
  hasRunning: boolean;
  ready: number;
  restarts: number;
  lastRestart: string;
}

function containerSummary(statuses: readonly JsonObject[]): ContainerSummary {
  const summary: ContainerSummary = { reason: "", hasRunning: false, ready: 0, restarts: 0, lastRestart: "" };
  for (const one of statuses.toReversed()) {
    const state = objectAt(one, "state");
    summary.restarts += numberAt(one, "restartCount");
    const finished = textAt(objectAt(objectAt(one, "lastState"), "terminated"), "finishedAt");
    if (finished > summary.lastRestart) summary.lastRestart = finished;
    const why = textAt(objectAt(state, "waiting"), "reason");
    if (why !== "") {
      summary.reason = why;
    } else if (isObject(state["terminated"])) {
      summary.reason = endText(state["terminated"]);
    } else if (one["ready"] === true && isObject(state["running"])) {
      summary.hasRunning = true;
      summary.ready += 1;
    }
  }
  return summary;
}

export const podColumns: readonly TableColumn[] = [
  nameColumn,
  column("Ready", "Containers that are ready, of all.", (pod) => {
    const line = podLine(pod);
    return `${line.ready}/${line.total}`;
  }),
  column("Status", "What the pod is doing.", (pod) => podLine(pod).reason),
  column("Restarts", "How often containers were restarted, and when last.", (pod, now) => {
    const { restarts, lastRestart } = podLine(pod);
    return restarts > 0 && lastRestart !== ""
      ? `${restarts} (${age(lastRestart, now)} ago)`
      : String(restarts);
  }),
  ageColumn,
  column(
    "IP",
    "Address of the pod.",
    (pod) => {
      const first = listAt(status(pod), "podIPs").find(isObject);
      return first === undefined ? cellText(status(pod), "podIP") : cellText(first, "ip");
    },
    wide,
  ),
  column("Node", "Node the pod is bound to.", (pod) => cellText(spec(pod), "nodeName"), wide),
  column(
    "Nominated Node",
    "Node that is being made free for the pod.",
    (pod) => cellText(status(pod), "nominatedNodeName"),
    wide,
  ),
  column(
    "Readiness Gates",
    "Conditions that must hold besides ready containers.",
    (pod) => {
      const gates = listAt(spec(pod), "readinessGates").filter(isObject);
      if (gates.length === 0) return "<none>";
      const met = gates.filter((gate) => conditionStatus(pod, textAt(gate, "conditionType")) === "True");
      return `${met.length}/${gates.length}`;
    },
    wide,
  ),
];
