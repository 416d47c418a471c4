import { anything, choice, flag, int, list, object, text, textMap } from "../build.ts";
import type { Schema } from "../schema.ts";

const keepsOthers = { "x-kubernetes-preserve-unknown-fields": true } as const;

export const clusterInformationSchema: Schema = object(
  "Facts about the installed Calico; the object is called default.",
  {
    spec: object("The facts.", {
      calicoVersion: text("Version of Calico on the cluster."),
      clusterGUID: text("Identity of the cluster, made at installation."),
      clusterType: text("How the cluster was built, for example k8s,bgp,kubeadm."),
      datastoreReady: flag(
        "False while the datastore is locked for migration; pods then neither start nor stop.",
      ),
      variant: text("Which variant of Calico is active."),
    }),
  },
);

/** The settings that concern addresses are described; all others are kept as they come. */
export const felixConfigurationSchema: Schema = object("Settings of Calico's node agent.", {
  spec: object(
    "The settings.",
    {
      bpfEnabled: flag("Use the eBPF data path."),
      chainInsertMode: text("Where Felix puts its rules into the kernel's chains."),
      defaultEndpointToHostAction: text("What happens to traffic from a workload to its own node."),
      floatingIPs: text("Whether floating addresses are programmed."),
      ipipEnabled: flag("Overrides the detection of IP-in-IP pools."),
      ipipMTU: int("MTU of the IP-in-IP device."),
      iptablesBackend: text("Which iptables variant is used."),
      logSeverityScreen: text("Least severity that is logged."),
      mtuIfacePattern: text("Interfaces whose MTU is looked at."),
      natOutgoingAddress: text("Source address of masqueraded traffic."),
      natPortRange: {
        description: "Ports used for masqueraded traffic.",
        "x-kubernetes-int-or-string": true,
      },
      programClusterRoutes: text("Whether Felix programs routes to the pods of other nodes."),
      routeSource: text("Where Felix learns routes from."),
      vxlanEnabled: flag("Overrides the detection of VXLAN pools."),
      vxlanMTU: int("MTU of the VXLAN device."),
      vxlanPort: int("UDP port of VXLAN."),
      vxlanVNI: int("VXLAN network identifier."),
      wireguardEnabled: flag("Encrypt IPv4 traffic between nodes."),
      wireguardEnabledV6: flag("Encrypt IPv6 traffic between nodes."),
    },
    keepsOthers,
  ),
});

export const bgpConfigurationSchema: Schema = object("Settings of Calico's BGP speakers.", {
  spec: object(
    "The settings.",
    {
      asNumber: {
        description: "Autonomous system number of all nodes without one of their own.",
        "x-kubernetes-int-or-string": true,
      },
      communities: list("Named community values.", anything("One community.")),
      listenPort: int("TCP port of BGP.", { minimum: 1, maximum: 65535 }),
      logSeverityScreen: text("Least severity that is logged."),
      nodeToNodeMeshEnabled: flag("Whether every node peers with every other."),
      serviceClusterIPs: list("Ranges of cluster addresses that are advertised.", anything("One range.")),
      serviceExternalIPs: list("Ranges of external addresses that are advertised.", anything("One range.")),
      serviceLoadBalancerIPs: list(
        "Ranges of load balancer addresses that are advertised.",
        anything("One range."),
      ),
    },
    keepsOthers,
  ),
});

export const kubeControllersConfigurationSchema: Schema = object("Settings of Calico's controllers.", {
  spec: object(
    "The settings.",
    {
      controllers: object(
        "Settings by controller.",
        {
          node: object(
            "Cleans up after nodes and pods.",
            {
              hostEndpoint: anything("Automatic host endpoints."),
              leakGracePeriod: text(
                "How long an address whose pod is gone is left alone; 0 turns the clean-up off.",
              ),
              reconcilerPeriod: text("How often everything is looked at."),
              syncLabels: choice("Whether node labels are copied to Calico's nodes.", [
                "Enabled",
                "Disabled",
              ]),
            },
            keepsOthers,
          ),
        },
        keepsOthers,
      ),
      etcdV3CompactionPeriod: text("How often etcd is compacted."),
      healthChecks: text("Whether health is reported."),
      logSeverityScreen: text("Least severity that is logged."),
      prometheusMetricsPort: int("Port of the metrics; 0 turns them off."),
    },
    keepsOthers,
  ),
  status: object(
    "Settings as they run.",
    {
      environmentVars: textMap("Settings from the environment."),
      runningConfig: anything("Effective settings."),
    },
    keepsOthers,
  ),
});

/** Source: tigera/operator api/v1/installation_types.go IPPool */
const installationPool: Schema = object(
  "One pool as the operator creates it.",
  {
    allowedUses: list(
      "What the pool serves; Workload and Tunnel when absent.",
      choice("One use.", ["Workload", "Tunnel", "LoadBalancer"]),
    ),
    assignmentMode: choice("Whether pods get addresses from it without naming it.", ["Automatic", "Manual"]),
    blockSize: int("Prefix length of its blocks.", { format: "int32" }),
    cidr: text("Its range."),
    disableBGPExport: flag("True keeps its routes out of BGP."),
    disableNewAllocations: flag("True stops new addresses being taken from it: the pool is disabled."),
    encapsulation: choice("How packets to its addresses travel between nodes.", [
      "IPIPCrossSubnet",
      "IPIP",
      "VXLAN",
      "VXLANCrossSubnet",
      "None",
    ]),
    name: text("Name of the IPPool.", { maxLength: 63 }),
    natOutgoing: choice("Whether packets that leave all pools are masqueraded.", ["Enabled", "Disabled"]),
    nodeSelector: text("Which nodes take addresses from it."),
  },
  { required: ["cidr"] },
);

/** The operator's Installation; the fields that concern addresses are described, all others are kept as they come. */
export const installationSchema: Schema = object("How the Tigera operator installs Calico.", {
  spec: object(
    "The wish.",
    {
      calicoNetwork: object(
        "Network settings, pools included.",
        {
          bgp: text("Enabled or Disabled."),
          ipPools: list("Pools that the operator creates and keeps.", installationPool, { maxItems: 25 }),
          linuxDataplane: text("Iptables, Nftables, BPF or VPP."),
          mtu: int("MTU of pod interfaces.", { format: "int32" }),
        },
        keepsOthers,
      ),
      cni: object(
        "Which CNI plugin runs, with which IPAM.",
        {
          ipam: object(
            "The IPAM plugin.",
            { type: text("Calico, HostLocal, AmazonVPC or AzureVNET.") },
            keepsOthers,
          ),
          type: text("Calico, GKE, AmazonVPC or AzureVNET."),
        },
        keepsOthers,
      ),
      variant: text("Calico or the enterprise variant."),
    },
    keepsOthers,
  ),
  status: object(
    "What runs.",
    {
      calicoVersion: text("Installed version."),
      variant: text("Installed variant."),
      mtu: int("MTU in use.", { format: "int32" }),
    },
    keepsOthers,
  ),
});
