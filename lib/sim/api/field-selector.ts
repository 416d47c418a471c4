import { isObject, type Json } from "../store/json.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { ResourceType } from "./resource-type.ts";
import { badRequest, qualified } from "./status.ts";

export interface FieldSelector {
  readonly matches: (object: KubeObject) => boolean;
  /** Set when the selector pins one name, so that a list need not look at all objects. */
  readonly name: string | null;
}

const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  nodes: ["spec.unschedulable"],
  namespaces: ["status.phase"],
  services: ["spec.clusterIP", "spec.type"],
  events: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  "replicasets.apps": ["status.replicas"],
  "jobs.batch": ["status.successful"],
};

/**
 * A field selector in text form: `metadata.name=x,status.phase!=Running`. Empty text selects everything.
 * @throws ApiError 400
 */
export function parseFieldSelector(text: string, type: ResourceType): FieldSelector {
  const tests: { path: string; wanted: string; equal: boolean }[] = [];
  for (const term of splitTerms(text)) {
    const found = /^([^=!]*)(!=|==|=)([\s\S]*)$/.exec(term);
    if (found === null) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, path = "", operator, value = ""] = found;
    checkSelectable(path, type);
    tests.push({ path, wanted: value.replace(/\\(.)/g, "$1"), equal: operator !== "!=" });
  }
  const named = tests.find((test) => test.path === "metadata.name" && test.equal);
  return {
    name: named?.wanted ?? null,
    matches: (object) => tests.every((test) => (fieldText(object, test.path) === test.wanted) === test.equal),
  };
}

function checkSelectable(path: string, type: ResourceType): void {
  if (path === "metadata.name" || (path === "metadata.namespace" && (type.namespaced || !type.custom)))
    return;
  if (selectable[qualified(type)]?.includes(path)) return;
  throw badRequest(
    type.group === "" || type.custom
      ? `field label not supported: ${path}`
      : `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

/** Splits at commas that no backslash protects. */
function splitTerms(text: string): string[] {
  return text.split(/(?<!\\),/).filter((term) => term !== "");
}

function fieldText(object: KubeObject, path: string): string {
  if (path === "reportingComponent") return fieldText(object, "reportingController");
  let value: Json | undefined = object;
  for (const key of path.split(".")) {
    if (!isObject(value)) return "";
    value = value[key];
  }
  if (path === "source" && isObject(value)) value = value["component"];
  if (path === "spec.unschedulable" || path === "spec.hostNetwork") return String(value === true);
  if (value === undefined || value === null || typeof value === "object") return "";
  return String(value);
}
