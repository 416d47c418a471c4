import type { ResourceRef } from "../../kube/paths.ts";

const core = (plural: string, namespaced = true): ResourceRef => ({
  group: "",
  version: "v1",
  plural,
  namespaced,
});
const apps = (plural: string): ResourceRef => ({ group: "apps", version: "v1", plural, namespaced: true });
/** The kinds that controllers and node agents read and write; Calico's own are in storage-mode.ts. */
export const resources = {
  namespaces: core("namespaces", false),
  nodes: core("nodes", false),
  pods: core("pods"),
  events: core("events"),
  deployments: apps("deployments"),
  replicaSets: apps("replicasets"),
  leases: { group: "coordination.k8s.io", version: "v1", plural: "leases", namespaced: true },
  installations: { group: "operator.tigera.io", version: "v1", plural: "installations", namespaced: false },
} as const satisfies Readonly<Record<string, ResourceRef>>;
