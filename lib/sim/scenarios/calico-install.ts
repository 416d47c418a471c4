import type { ClusterBuilder } from "./builder.ts";

export interface CalicoInstallOptions {
  /** Who gives pods their addresses; anything but Calico makes Poolboard stop. */
  readonly ipam?: "Calico" | "HostLocal";
  /** ipPools of the Installation: those that the operator owns. */
  readonly ipPools?: readonly object[];
  readonly bgp?: "Enabled" | "Disabled";
  readonly ipamConfig?: object | null;
  /** Fields of Felix' configuration beside the usual ones. */
  readonly felix?: object;
}

/** Kubernetes' own namespaces, and Calico as its operator leaves it: Installation and the singletons of the v1 group. */
export function addCalicoInstall(builder: ClusterBuilder, options: CalicoInstallOptions = {}): void {
  const { ipam = "Calico", ipPools = [], bgp = "Disabled" } = options;
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"]) builder.namespace(name);
  const podSecurity = { "pod-security.kubernetes.io/enforce": "privileged" };
  for (const name of ["tigera-operator", "calico-system"])
    builder.namespace(name, { labels: { name, ...podSecurity } });
  const spec = {
    variant: "Calico",
    cni: { type: "Calico", ipam: { type: ipam } },
    calicoNetwork: { bgp, ipPools, linuxDataplane: "Iptables", multiInterfaceMode: "None" },
    kubernetesProvider: "",
  };
  builder.add({
    apiVersion: "operator.tigera.io/v1",
    kind: "Installation",
    metadata: builder.meta("default"),
    spec,
    status: {
      calicoVersion: builder.calicoVersion,
      variant: "Calico",
      mtu: 1450,
      computed: spec,
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "AllObjectsAvailable",
          message: "All objects available",
          observedGeneration: 1,
          lastTransitionTime: builder.meta("x").creationTimestamp,
        },
      ],
    },
  });
  builder.calico("ClusterInformation", "default", {
    calicoVersion: builder.calicoVersion,
    clusterGUID: builder.random.hex(32),
    clusterType: "typha,kdd,k8s,operator",
    datastoreReady: true,
    variant: "Calico",
  });
  builder.calico("KubeControllersConfiguration", "default", {
    controllers: { node: { leakGracePeriod: "15m0s", reconcilerPeriod: "5m0s", syncLabels: "Enabled" } },
    etcdV3CompactionPeriod: "10m0s",
    healthChecks: "Enabled",
    logSeverityScreen: "Info",
    prometheusMetricsPort: 9094,
  });
  builder.calico("FelixConfiguration", "default", {
    bpfEnabled: false,
    floatingIPs: "Disabled",
    healthPort: 9099,
    logSeverityScreen: "Info",
    natOutgoingExclusions: "IPPoolsOnly",
    vxlanVNI: 4096,
    ...options.felix,
  });
  if (options.ipamConfig !== null) {
    builder.calico(
      "IPAMConfiguration",
      "default",
      options.ipamConfig ?? {
        strictAffinity: false,
        autoAllocateBlocks: true,
        kubeVirtVMAddressPersistence: "Enabled",
      },
    );
  }
}
