import type { ResourceRef } from "../../kube/paths.ts";

const core = (plural: string, namespaced = true): ResourceRef => ({
  group: "",
  version: "v1",
  plural,
  namespaced,
});
const apps = (plural: string): ResourceRef => ({ group: "apps", version: "v1", plural, namespaced: true });
const calico = (plural: string): ResourceRef => ({
  group: "crd.projectcalico.org",
  version: "v1",
  plural,
  namespaced: false,
});

/** The kinds that controllers and node agents read and write. */
export const resources = {
  namespaces: core("namespaces", false),
  nodes: core("nodes", false),
  pods: core("pods"),
  events: core("events"),
  deployments: apps("deployments"),
  replicaSets: apps("replicasets"),
  leases: { group: "coordination.k8s.io", version: "v1", plural: "leases", namespaced: true },
  installations: { group: "operator.tigera.io", version: "v1", plural: "installations", namespaced: false },
  pools: calico("ippools"),
  blocks: calico("ipamblocks"),
  affinities: calico("blockaffinities"),
  handles: calico("ipamhandles"),
  ipamConfigs: calico("ipamconfigs"),
  reservations: calico("ipreservations"),
  clusterInformations: calico("clusterinformations"),
} as const satisfies Readonly<Record<string, ResourceRef>>;
