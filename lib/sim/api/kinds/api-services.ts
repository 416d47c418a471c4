import { anything } from "../../schema/build.ts";
import { isObject, listAt, objectAt, textAt } from "../../store/json.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import { ageColumn, nameColumn } from "../table.ts";
import { builtin, column, spec, status } from "./shared.ts";

function available(object: KubeObject): string {
  const condition = listAt(status(object), "conditions")
    .filter(isObject)
    .find(({ type }) => type === "Available");
  const reason = textAt(condition, "reason");
  return textAt(condition, "status") === "True" ? "True" : `${textAt(condition, "status")} (${reason})`;
}

function service(object: KubeObject): string {
  const found = objectAt(spec(object), "service");
  return textAt(found, "name") === "" ? "Local" : `${textAt(found, "namespace")}/${textAt(found, "name")}`;
}

/** Which server answers for an API group. Only those of other servers are stored here, not one for each group of this server. */
export const apiServices = builtin({
  group: "apiregistration.k8s.io",
  version: "v1",
  kind: "APIService",
  plural: "apiservices",
  namespaced: false,
  categories: ["api-extensions"],
  subresources: ["status"],
  schema: anything("Which server answers for one version of an API group."),
  strategy: { keepStatusOnCreate: true },
  columns: [
    nameColumn,
    column("Service", "Who answers.", service),
    column("Available", "Whether it answers.", available),
    ageColumn,
  ],
});
