import { expect, test } from "vitest";
import { type ManagedBy, managedBy } from "./owner.ts";

const hidden = (labels: object): object => ({
  annotations: { "projectcalico.org/metadata": JSON.stringify({ labels }) },
});
const operatorLabel = { "app.kubernetes.io/managed-by": "tigera-operator" };
const written = (...entries: readonly (readonly [string, string, string?])[]): object => ({
  managedFields: entries.map(([manager, time, subresource]) => ({ manager, time, subresource })),
});

const cases: readonly [string, object, ManagedBy][] = [
  ["nobody", {}, { kind: "none", name: null }],
  ["the operator", { labels: operatorLabel }, { kind: "operator", name: "tigera-operator" }],
  ["the operator, label hidden by v1", hidden(operatorLabel), { kind: "operator", name: "tigera-operator" }],
  [
    "the operator, told to stay away",
    { labels: operatorLabel, annotations: { "unsupported.operator.tigera.io/ignore": "true" } },
    { kind: "none", name: null },
  ],
  [
    "Flux",
    {
      labels: {
        "kustomize.toolkit.fluxcd.io/name": "pools",
        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
      },
    },
    { kind: "flux", name: "flux-system/pools" },
  ],
  [
    "Flux through Helm",
    {
      labels: { "helm.toolkit.fluxcd.io/name": "net", "app.kubernetes.io/managed-by": "Helm" },
      annotations: { "meta.helm.sh/release-name": "net" },
    },
    { kind: "flux", name: "net" },
  ],
  [
    "Argo CD",
    {
      annotations: {
        "argocd.argoproj.io/tracking-id": "netops_pools:crd.projectcalico.org/IPPool:/external-pool",
      },
    },
    { kind: "argocd", name: "netops/pools" },
  ],
  [
    "Argo CD by label",
    { labels: { "argocd.argoproj.io/instance": "pools" } },
    { kind: "argocd", name: "pools" },
  ],
  [
    "Helm",
    {
      annotations: { "meta.helm.sh/release-name": "net", "meta.helm.sh/release-namespace": "ops" },
      labels: { "app.kubernetes.io/managed-by": "Helm" },
    },
    { kind: "helm", name: "ops/net" },
  ],
  ["Helm by label", { labels: { "app.kubernetes.io/managed-by": "Helm" } }, { kind: "helm", name: null }],
  [
    "the last foreign manager",
    written(
      ["kubectl-create", "2026-08-22T12:00:00Z"],
      ["terraform", "2026-08-22T13:00:00Z"],
      ["poolboard", "2026-08-22T14:00:00Z"],
      ["kube-controllers", "2026-08-22T15:00:00Z", "status"],
    ),
    { kind: "manager", name: "terraform" },
  ],
  [
    "nobody, where a controller holds finalizers",
    {
      managedFields: [
        { manager: "poolboard", time: "2026-08-22T14:00:00Z", fieldsV1: { "f:spec": {} } },
        {
          manager: "kube-controllers",
          time: "2026-08-22T15:00:00Z",
          fieldsV1: { "f:metadata": { "f:finalizers": {} } },
        },
      ],
    },
    { kind: "none", name: null },
  ],
  ["only us", written(["poolboard", "2026-08-22T14:00:00Z"]), { kind: "none", name: null }],
];

test.each(cases)("managed by %s", (_name, metadata, owner) => {
  expect(managedBy({ metadata })).toEqual(owner);
});
