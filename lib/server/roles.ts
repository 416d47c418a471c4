/** One rule of a ClusterRole, with what it is for. */
export interface PolicyRule {
  readonly purpose: string;
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Both groups: a cluster may serve either, and a rule for a group that is not there does no harm. */
const calico = ["projectcalico.org", "crd.projectcalico.org"];
const follow = ["get", "list", "watch"];

/** What Poolboard reads, and nothing beside it. Whatever is left out reads "unknown" on the pages. */
export const viewerRules: readonly PolicyRule[] = [
  {
    purpose: "pools, blocks, claims, reservations and how Calico is set up",
    apiGroups: calico,
    resources: [
      "ippools",
      "ipamblocks",
      "blockaffinities",
      "ipreservations",
      "ipamconfigurations",
      "ipamconfigs",
      "clusterinformations",
      "felixconfigurations",
    ],
    verbs: follow,
  },
  {
    purpose: "who has which address, and why a pod has none",
    apiGroups: [""],
    resources: ["nodes", "namespaces", "pods", "events"],
    verbs: follow,
  },
  {
    purpose: "pod templates that name a pool; calico-node, which says how Calico was installed",
    apiGroups: ["apps"],
    resources: ["deployments", "statefulsets", "daemonsets"],
    verbs: ["get", "list"],
  },
  {
    purpose: "pod templates that name a pool",
    apiGroups: ["batch"],
    resources: ["jobs", "cronjobs"],
    verbs: ["get", "list"],
  },
  {
    purpose: "which CNI and IPAM the operator has set up",
    apiGroups: ["operator.tigera.io"],
    resources: ["installations"],
    verbs: ["get"],
  },
  {
    purpose: "which of two sets of CRDs is in use during a migration",
    apiGroups: ["migration.projectcalico.org"],
    resources: ["datastoremigrations"],
    verbs: ["get"],
  },
  {
    purpose: "whether Calico's API server answers for projectcalico.org/v3",
    apiGroups: ["apiregistration.k8s.io"],
    resources: ["apiservices"],
    verbs: ["get"],
  },
  {
    purpose: "which IPAM plugin the CNI configuration names",
    apiGroups: [""],
    resources: ["configmaps"],
    resourceNames: ["calico-config", "cni-config"],
    verbs: ["get"],
  },
];

/** What an operator may do beyond reading; each rule may be left out, and its button then names what is missing. */
export const operatorRules: readonly PolicyRule[] = [
  {
    purpose: "create a pool",
    apiGroups: calico,
    resources: ["ippools"],
    verbs: ["create"],
  },
  {
    purpose: "switch a pool on and off, change what Calico lets change",
    apiGroups: calico,
    resources: ["ippools"],
    verbs: ["patch"],
  },
  {
    purpose: "delete a pool that nothing uses any more",
    apiGroups: calico,
    resources: ["ippools"],
    verbs: ["delete"],
  },
  {
    purpose: "let go of the empty blocks of a pool that is deleted, as calicoctl does",
    apiGroups: calico,
    resources: ["ipamblocks", "blockaffinities"],
    verbs: ["update", "delete"],
  },
  {
    purpose: "choose the pools of a namespace (one annotation)",
    apiGroups: [""],
    resources: ["namespaces"],
    verbs: ["patch"],
  },
  {
    purpose: "set addresses aside, and give them free again",
    apiGroups: calico,
    resources: ["ipreservations"],
    verbs: ["create", "delete"],
  },
  {
    purpose: "say on a pool who changed it, as an event",
    apiGroups: [""],
    resources: ["events"],
    verbs: ["create"],
  },
];
