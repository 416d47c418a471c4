import type { ResourceRef } from "../../kube/paths.ts";

export const namespaceResource: ResourceRef = {
  group: "",
  version: "v1",
  plural: "namespaces",
  namespaced: false,
};
