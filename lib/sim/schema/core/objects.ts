import {
  atomic,
  at,
  atKeep,
  choice,
  flag,
  int32,
  int64,
  intOrText,
  keyed,
  list,
  map,
  merged,
  message,
  quantities,
  text,
  textMap,
  texts,
  time,
} from "../build.ts";
import type { Schema } from "../schema.ts";
import { conditions, kindSchema, localReference, objectReference, state, wish } from "./meta.ts";

export const namespaceSchema: Schema = kindSchema("A room for names.", {
  spec: wish({ finalizers: at(1, texts("Who must empty it before it goes.", atomic)) }),
  status: state({
    conditions: at(2, conditions({ type: 1, status: 2, lastTransitionTime: 4, reason: 5, message: 6 })),
    phase: at(1, text("Active or Terminating.")),
  }),
});

const nodeInfo = message("What runs on it.", {
  architecture: at(10, text("Processor.")),
  bootID: at(3, text("Identity of its last start.")),
  containerRuntimeVersion: at(6, text("Container runtime.")),
  kernelVersion: at(4, text("Kernel.")),
  kubeProxyVersion: at(8, text("kube-proxy.")),
  kubeletVersion: at(7, text("Kubelet.")),
  machineID: at(1, text("Identity of the machine.")),
  operatingSystem: at(9, text("linux or windows.")),
  osImage: at(5, text("Operating system.")),
  systemUUID: at(2, text("Identity of the hardware.")),
});

export const nodeSchema: Schema = kindSchema("A machine that runs pods.", {
  spec: wish({
    podCIDR: at(1, text("Range for its pods, where ranges are given out per node.")),
    podCIDRs: at(7, texts("The same, one per family.", merged)),
    providerID: at(3, text("Identity at the provider.")),
    taints: at(
      5,
      list(
        "Keep pods away that do not tolerate them.",
        message(
          "One taint.",
          {
            effect: at(3, text("NoSchedule, PreferNoSchedule or NoExecute.")),
            key: at(1, text("Key.")),
            timeAdded: at(4, time("When it was added.")),
            value: at(2, text("Value.")),
          },
          { required: ["effect", "key"] },
        ),
        atomic,
      ),
    ),
    unschedulable: at(4, flag("No new pods.")),
  }),
  status: state({
    addresses: at(
      5,
      keyed(
        "Addresses of the machine.",
        "type",
        message(
          "One address.",
          {
            address: at(2, text("Address or name.")),
            type: at(1, text("InternalIP, ExternalIP, Hostname and so on.")),
          },
          { required: ["address", "type"] },
        ),
        atomic,
      ),
    ),
    allocatable: at(2, quantities("What pods may use.")),
    capacity: at(1, quantities("What there is.")),
    conditions: at(
      4,
      conditions({
        type: 1,
        status: 2,
        lastHeartbeatTime: 3,
        lastTransitionTime: 4,
        reason: 5,
        message: 6,
      }),
    ),
    daemonEndpoints: at(
      6,
      message("Ports of the node's own programs.", {
        kubeletEndpoint: at(
          1,
          message("The kubelet.", { Port: at(1, int32("Port.")) }, { required: ["Port"] }),
        ),
      }),
    ),
    images: at(
      8,
      list(
        "Images on the node.",
        message("One image.", { names: at(1, texts("Names.", atomic)), sizeBytes: at(2, int64("Size.")) }),
        atomic,
      ),
    ),
    nodeInfo: at(7, nodeInfo),
    phase: at(3, text("No longer used.")),
    volumesAttached: at(
      10,
      list(
        "Attached volumes.",
        message("One volume.", { devicePath: at(2, text("Device.")), name: at(1, text("Name.")) }),
        atomic,
      ),
    ),
    volumesInUse: at(9, texts("Volumes in use.", atomic)),
  }),
});

export const serviceAccountSchema: Schema = kindSchema("An identity for programs in pods.", {
  automountServiceAccountToken: atKeep(4, flag("Give pods a token.")),
  imagePullSecrets: at(3, list("Secrets for fetching images.", localReference, atomic)),
  secrets: at(2, keyed("Secrets that pods may use.", "name", objectReference)),
});

export const configMapSchema: Schema = kindSchema("Settings for programs.", {
  binaryData: at(3, map("Key to bytes, in base64.", { type: "string", format: "byte" })),
  data: at(2, textMap("Key to text.")),
  immutable: atKeep(4, flag("Its data never changes again.")),
});

export const eventSchema: Schema = kindSchema("Something that happened to an object.", {
  action: at(12, text("What was done.")),
  count: at(8, int32("How often.")),
  eventTime: at(10, {
    type: "string",
    format: "micro-time",
    nullable: true,
    description: "When, to the microsecond.",
  }),
  firstTimestamp: at(6, time("When first.", { nullable: true })),
  involvedObject: at(2, objectReference),
  lastTimestamp: at(7, time("When last.", { nullable: true })),
  message: at(4, text("A sentence for people.")),
  reason: at(3, text("A word for programs.")),
  related: at(13, objectReference),
  reportingComponent: at(14, text("Who reports it.")),
  reportingInstance: at(15, text("Which one of them.")),
  series: at(
    11,
    message("It goes on happening.", {
      count: at(1, int32("How often.")),
      lastObservedTime: at(2, {
        type: "string",
        format: "micro-time",
        nullable: true,
        description: "When last.",
      }),
    }),
  ),
  source: at(
    5,
    message("Who reports it.", { component: at(1, text("Program.")), host: at(2, text("Node.")) }),
  ),
  type: at(9, text("Normal or Warning.")),
});

export const serviceSchema: Schema = kindSchema("A stable address in front of pods.", {
  spec: wish({
    allocateLoadBalancerNodePorts: atKeep(20, flag("Also take ports of the nodes.")),
    clusterIP: at(3, text("Address inside the cluster; None for none.")),
    clusterIPs: at(18, texts("The same, one per family.", atomic)),
    externalIPs: at(5, texts("Further addresses.", atomic)),
    externalName: at(10, text("Name it stands for.")),
    externalTrafficPolicy: at(11, text("Cluster or Local.")),
    healthCheckNodePort: at(12, int32("Port for health checks.")),
    internalTrafficPolicy: atKeep(22, text("Cluster or Local.")),
    ipFamilies: at(19, texts("IPv4, IPv6 or both.", atomic)),
    ipFamilyPolicy: atKeep(17, text("SingleStack, PreferDualStack or RequireDualStack.")),
    loadBalancerClass: atKeep(21, text("Which balancer.")),
    loadBalancerIP: at(8, text("Address wished for.")),
    loadBalancerSourceRanges: at(9, texts("Who may come.", atomic)),
    ports: at(
      1,
      keyed(
        "Ports of the service.",
        "port",
        message(
          "One port.",
          {
            appProtocol: atKeep(6, text("Protocol on top.")),
            name: at(1, text("Name.")),
            nodePort: at(5, int32("Port of the nodes.")),
            port: at(3, int32("Port of the service.")),
            protocol: at(2, text("TCP, UDP or SCTP.", { default: "TCP" })),
            targetPort: at(4, intOrText("Port of the pods, by number or name.")),
          },
          { required: ["port"] },
        ),
        { "x-kubernetes-list-map-keys": ["port", "protocol"] },
      ),
    ),
    publishNotReadyAddresses: at(13, flag("Include pods that are not ready.")),
    selector: at(2, textMap("Labels of the pods.", { "x-kubernetes-map-type": "atomic" })),
    sessionAffinity: at(7, text("None or ClientIP.")),
    sessionAffinityConfig: at(
      14,
      message("More about that.", {
        clientIP: at(1, message("By client.", { timeoutSeconds: atKeep(1, int32("How long.")) })),
      }),
    ),
    trafficDistribution: atKeep(23, text("Which pods are preferred.")),
    type: at(
      4,
      choice("ClusterIP, NodePort, LoadBalancer or ExternalName.", [
        "ClusterIP",
        "NodePort",
        "LoadBalancer",
        "ExternalName",
      ]),
    ),
  }),
  status: state({
    conditions: at(
      2,
      conditions({
        type: 1,
        status: 2,
        observedGeneration: 3,
        lastTransitionTime: 4,
        reason: 5,
        message: 6,
      }),
    ),
    loadBalancer: at(
      1,
      message("The balancer.", {
        ingress: at(
          1,
          list(
            "Its addresses.",
            message("One address.", {
              hostname: at(2, text("Name.")),
              ip: at(1, text("Address.")),
              ipMode: atKeep(3, text("VIP or Proxy.")),
            }),
            atomic,
          ),
        ),
      }),
    ),
  }),
});
