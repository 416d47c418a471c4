import {
  flag,
  listOf,
  many,
  type Message,
  message,
  moment,
  one,
  text,
  texts,
  time,
  word,
} from "../kube/protobuf.ts";
import type { Kind } from "./kinds.ts";

/**
 * What the projections of Kubernetes' own kinds read, by its number in protobuf: a projection that reads another field needs it
 * here as well, which `core-messages.test.ts` holds against what a real API server sent.
 * Source: kubernetes v1.36 staging/src/k8s.io/api/core/v1/generated.proto, …/apimachinery/pkg/apis/meta/v1/generated.proto
 */

const identity = { 1: text("name"), 3: word("namespace"), 5: text("uid"), 6: text("resourceVersion") };
const times = { 8: moment("creationTimestamp"), 9: time("deletionTimestamp") };

/** The annotations of Calico's plugin, without the sandbox id that every pod has, and the one of the VPC plugin that Calico heeds. */
const isPodAnnotation = (key: string) =>
  key === "vpc.amazonaws.com/pod-ips" ||
  (key.startsWith("cni.projectcalico.org/") && key !== "cni.projectcalico.org/containerID");
const isCalicoAnnotation = (key: string) => key.includes("projectcalico.org/");

const pod = message({
  1: one("metadata", message({ ...identity, ...times, 12: texts("annotations", isPodAnnotation) })),
  2: one("spec", message({ 10: word("nodeName"), 11: flag("hostNetwork") })),
  3: one(
    "status",
    message({
      1: word("phase"),
      4: text("reason"),
      6: text("podIP"),
      12: many("podIPs", message({ 1: text("ip") })),
    }),
  ),
});

const node = message({
  1: one(
    "metadata",
    message({ ...identity, ...times, 11: texts("labels"), 12: texts("annotations", isCalicoAnnotation) }),
  ),
  3: one(
    "status",
    message({
      4: many("conditions", message({ 1: word("type"), 2: word("status") })),
      5: many("addresses", message({ 1: word("type"), 2: text("address") })),
    }),
  ),
});

const namespace = message({
  1: one(
    "metadata",
    message({ ...identity, ...times, 11: texts("labels"), 12: texts("annotations", isCalicoAnnotation) }),
  ),
});

const event = message({
  1: one("metadata", message({ ...identity, ...times })),
  2: one(
    "involvedObject",
    message({ 1: text("kind"), 2: text("namespace"), 3: text("name"), 4: text("uid") }),
  ),
  3: text("reason"),
  4: text("message"),
  6: time("firstTimestamp"),
  7: time("lastTimestamp"),
  10: time("eventTime"),
  11: one("series", message({ 2: time("lastObservedTime") })),
});

/** Lists of the kinds that the API server also sends as protobuf; Calico's come as JSON only. */
export const coreLists: Readonly<Partial<Record<Kind, Message>>> = {
  pods: listOf(pod),
  nodes: listOf(node),
  namespaces: listOf(namespace),
  sandboxFailures: listOf(event),
};
