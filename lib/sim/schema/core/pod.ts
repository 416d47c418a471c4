import {
  atomic,
  anything,
  at,
  atKeep,
  flag,
  int32,
  int64,
  keyed,
  list,
  message,
  quantities,
  text,
  textMap,
  texts,
  time,
} from "../build.ts";
import type { Schema } from "../schema.ts";
import { container, resources } from "./container.ts";
import { conditions, kindSchema, localReference, objectMeta } from "./meta.ts";
import { affinity, tolerations, topologySpread } from "./scheduling.ts";
import { podSecurityContext } from "./security.ts";
import { volumes } from "./volume.ts";

const podSpec: Schema = message(
  "What runs, where and how.",
  {
    activeDeadlineSeconds: atKeep(5, int64("Seconds after which the pod is ended.")),
    affinity: at(18, affinity),
    automountServiceAccountToken: atKeep(21, flag("Give containers a token.")),
    containers: at(2, keyed("Containers that run side by side.", "name", container)),
    dnsConfig: at(
      26,
      message("Further DNS settings.", {
        nameservers: at(1, texts("Servers.", atomic)),
        options: at(
          3,
          list(
            "Options.",
            message("One option.", { name: at(1, text("Name.")), value: atKeep(2, text("Value.")) }),
            atomic,
          ),
        ),
        searches: at(2, texts("Domains to try.", atomic)),
      }),
    ),
    dnsPolicy: at(
      6,
      text("ClusterFirst, ClusterFirstWithHostNet, Default or None.", { default: "ClusterFirst" }),
    ),
    enableServiceLinks: atKeep(30, flag("Describe services in variables.")),
    ephemeralContainers: at(
      34,
      keyed("Containers added for looking into the pod.", "name", anything("One container.")),
    ),
    hostAliases: at(
      23,
      keyed(
        "Lines for /etc/hosts.",
        "ip",
        message(
          "One line.",
          { hostnames: at(2, texts("Names.", atomic)), ip: at(1, text("Address.")) },
          { required: ["ip"] },
        ),
      ),
    ),
    hostIPC: at(13, flag("Share the node's IPC.")),
    hostNetwork: at(11, flag("Use the node's network; the pod has the node's address.")),
    hostPID: at(12, flag("See the node's processes.")),
    hostUsers: atKeep(37, flag("Share the node's users.")),
    hostname: at(16, text("Host name of the pod.")),
    imagePullSecrets: at(15, keyed("Secrets for fetching images.", "name", localReference)),
    initContainers: at(20, keyed("Containers that run one by one before the others.", "name", container)),
    nodeName: at(10, text("Node the pod is bound to. Setting it at creation leaves the scheduler out.")),
    nodeSelector: at(7, textMap("Labels that the node must have.", { "x-kubernetes-map-type": "atomic" })),
    os: at(
      36,
      message("Operating system.", { name: at(1, text("linux or windows.")) }, { required: ["name"] }),
    ),
    overhead: at(32, quantities("What the runtime itself needs.")),
    preemptionPolicy: atKeep(31, text("Whether it may push out others.")),
    priority: atKeep(25, int32("Rank among pods.")),
    priorityClassName: at(24, text("Name of the rank.")),
    readinessGates: at(
      28,
      list(
        "Conditions that must hold before it is ready.",
        message(
          "One condition.",
          { conditionType: at(1, text("Type of the condition.")) },
          { required: ["conditionType"] },
        ),
        atomic,
      ),
    ),
    resourceClaims: at(39, keyed("Claims of devices.", "name", anything("One claim."))),
    resources: at(40, resources),
    restartPolicy: at(3, text("Always, OnFailure or Never.", { default: "Always" })),
    runtimeClassName: atKeep(29, text("How containers are run.")),
    schedulerName: at(19, text("Which scheduler binds it.", { default: "default-scheduler" })),
    schedulingGates: at(
      38,
      keyed(
        "Keep the scheduler waiting.",
        "name",
        message("One gate.", { name: at(1, text("Name.")) }, { required: ["name"] }),
      ),
    ),
    securityContext: at(14, { ...podSecurityContext, default: {} }),
    serviceAccount: at(9, text("Old name of serviceAccountName.")),
    serviceAccountName: at(8, text("Service account it runs as.")),
    setHostnameAsFQDN: atKeep(35, flag("Host name with domain.")),
    shareProcessNamespace: atKeep(27, flag("Containers see each other's processes.")),
    subdomain: at(17, text("Domain below the cluster's.")),
    terminationGracePeriodSeconds: atKeep(4, int64("Seconds to end by itself.", { default: 30 })),
    tolerations: at(22, tolerations),
    topologySpreadConstraints: at(33, topologySpread),
    volumes: at(1, volumes),
  },
  { required: ["containers"] },
);

const containerState = message("Waiting, running or terminated.", {
  running: at(2, message("It runs.", { startedAt: at(1, time("Since when.", { nullable: true })) })),
  terminated: at(
    3,
    message(
      "It ended.",
      {
        containerID: at(7, text("Identity at the runtime.")),
        exitCode: atKeep(1, int32("Exit code.")),
        finishedAt: at(6, time("When it ended.", { nullable: true })),
        message: at(4, text("Last words.")),
        reason: at(3, text("Why.")),
        signal: at(2, int32("Signal that ended it.")),
        startedAt: at(5, time("When it started.", { nullable: true })),
      },
      { required: ["exitCode"] },
    ),
  ),
  waiting: at(
    1,
    message("It waits.", { message: at(2, text("More about why.")), reason: at(1, text("Why.")) }),
  ),
});

const containerStatuses = (description: string): Schema =>
  list(
    description,
    message("One container.", {
      allocatedResources: at(10, quantities("What the node set aside.")),
      containerID: at(8, text("Identity at the runtime.")),
      image: at(6, text("Image that runs.")),
      imageID: at(7, text("Identity of the image.")),
      lastState: at(3, containerState),
      name: at(1, text("Name of the container.")),
      ready: atKeep(4, flag("It takes traffic.")),
      resources: at(11, resources),
      restartCount: atKeep(5, int32("How often it was restarted.")),
      started: atKeep(9, flag("It got through its start.")),
      state: at(2, containerState),
      stopSignal: atKeep(15, text("Signal that ends it.")),
      volumeMounts: at(12, list("Mounts as they are.", anything("One mount."), atomic)),
    }),
    atomic,
  );

const podStatus = message("What the node reports.", {
  conditions: at(
    2,
    conditions({
      type: 1,
      status: 2,
      lastProbeTime: 3,
      lastTransitionTime: 4,
      reason: 5,
      message: 6,
      observedGeneration: 7,
    }),
  ),
  containerStatuses: at(8, containerStatuses("Containers as they are.")),
  ephemeralContainerStatuses: at(13, containerStatuses("Added containers as they are.")),
  hostIP: at(5, text("Address of the node.")),
  hostIPs: at(
    16,
    list(
      "Addresses of the node.",
      message("One address.", { ip: at(1, text("The address.")) }, { required: ["ip"] }),
      {
        "x-kubernetes-list-type": "atomic",
        "x-kubernetes-patch-strategy": "merge",
        "x-kubernetes-patch-merge-key": "ip",
      },
    ),
  ),
  initContainerStatuses: at(10, containerStatuses("Init containers as they are.")),
  message: at(3, text("A sentence for people.")),
  nominatedNodeName: at(11, text("Node that is being made free.")),
  observedGeneration: at(17, int64("Generation the node has seen.")),
  phase: at(1, text("Pending, Running, Succeeded, Failed or Unknown.")),
  podIP: at(6, text("Address of the pod.")),
  podIPs: at(
    12,
    keyed(
      "Addresses of the pod, one per family.",
      "ip",
      message("One address.", { ip: at(1, text("The address.")) }, { required: ["ip"] }),
    ),
  ),
  qosClass: at(9, text("Guaranteed, Burstable or BestEffort.")),
  reason: at(4, text("A word for programs.")),
  resize: at(14, text("State of a change of resources.")),
  startTime: at(7, time("When the node took it on.")),
});

export const podSchema: Schema = kindSchema("A group of containers that share an address.", {
  spec: at(2, podSpec),
  status: at(3, podStatus),
});

export const podTemplate: Schema = message("What each pod is made from.", {
  metadata: at(1, objectMeta),
  spec: at(2, podSpec),
});
