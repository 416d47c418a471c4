import type { ClusterBuilder } from "./builder.ts";
import { addPod, templateOf } from "./pods.ts";
import {
  addDaemonSet,
  addDeployment,
  addStatefulSet,
  tolerateAll,
  tolerateControlPlane,
} from "./workloads.ts";

const kubernetes = "v1.36.3";

/** What runs on the host network of every cluster: control plane, kube-proxy, Calico itself. Takes no pool address. */
export function addHostWorkloads(
  builder: ClusterBuilder,
  controlPlane: readonly string[],
  nodes: readonly string[],
): void {
  for (const node of controlPlane) {
    for (const name of ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]) {
      const image = `registry.k8s.io/${name}:${name === "etcd" ? "3.6.5-0" : kubernetes}`;
      const template = templateOf({
        name,
        image,
        labels: { component: name, tier: "control-plane" },
        hostNetwork: true,
      });
      addPod(builder, { namespace: "kube-system", name: `${name}-${node}`, node, template });
    }
  }
  addDaemonSet(builder, {
    namespace: "kube-system",
    name: "kube-proxy",
    image: `registry.k8s.io/kube-proxy:${kubernetes}`,
    labels: { "k8s-app": "kube-proxy" },
    hostNetwork: true,
    tolerations: tolerateAll,
    places: nodes,
  });
  addDaemonSet(builder, {
    namespace: "calico-system",
    name: "calico-node",
    image: `quay.io/calico/node:${builder.calicoVersion}`,
    labels: { "k8s-app": "calico-node" },
    hostNetwork: true,
    tolerations: tolerateAll,
    places: nodes,
  });
  const [first] = controlPlane;
  if (first === undefined) return;
  addDeployment(builder, {
    namespace: "tigera-operator",
    name: "tigera-operator",
    image: "quay.io/tigera/operator:v1.42.0",
    hostNetwork: true,
    tolerations: tolerateControlPlane,
    places: [first],
  });
}

/** Calico's pods that take a pool address: the CSI driver on every node, and the controllers. */
export function addCalicoPods(
  builder: ClusterBuilder,
  controllersOn: string,
  nodes: readonly string[],
): void {
  addDeployment(builder, {
    namespace: "calico-system",
    name: "calico-kube-controllers",
    image: `quay.io/calico/kube-controllers:${builder.calicoVersion}`,
    labels: { "k8s-app": "calico-kube-controllers" },
    tolerations: tolerateControlPlane,
    places: [controllersOn],
  });
  addDaemonSet(builder, {
    namespace: "calico-system",
    name: "csi-node-driver",
    image: `quay.io/calico/csi:${builder.calicoVersion}`,
    labels: { "k8s-app": "csi-node-driver" },
    tolerations: tolerateAll,
    places: nodes,
  });
}

/** `namespace/name`, image, and the nodes its pods run on. "#" before the name makes it a stateful set. */
export type WorkloadRow = readonly [name: string, image: string, nodes: readonly string[]];

/** Workloads given as rows; their namespaces are made where they are missing. */
export function addWorkloads(
  builder: ClusterBuilder,
  rows: readonly WorkloadRow[],
  existing: ReadonlySet<string>,
): void {
  const known = new Set(existing);
  for (const [path, image, places] of rows) {
    const [namespace = "", rest = ""] = path.split("/");
    if (!known.has(namespace)) builder.namespace(namespace);
    known.add(namespace);
    const name = rest.replace("#", "");
    const labels = { "app.kubernetes.io/name": name };
    const add = rest.startsWith("#") ? addStatefulSet : addDeployment;
    add(builder, { namespace, name, image, labels, places });
  }
}
