import { list, type RawRecord, record, text } from "./reading.ts";

/** Annotations of the CNI plugin, read when a pod's sandbox is made. */
export const POOLS_ANNOTATION = {
  4: "cni.projectcalico.org/ipv4pools",
  6: "cni.projectcalico.org/ipv6pools",
} as const;

/** Raw values; null when absent or empty (an empty text counts as absent for the plugin). */
export interface PoolAnnotations {
  readonly 4: string | null;
  readonly 6: string | null;
}

/** Of a Pod, a Namespace or a pod template. Source: projectcalico/calico@87c1590 cni-plugin/pkg/k8s/k8s.go */
export function poolAnnotations(metadata: unknown): PoolAnnotations {
  const annotations = record(record(metadata).annotations);
  return { 4: text(annotations[POOLS_ANNOTATION[4]]), 6: text(annotations[POOLS_ANNOTATION[6]]) };
}

/** The addresses that a Pod or a pod template asks for by themselves: raw text, null when absent or empty. Source: …/cni-plugin/pkg/k8s/k8s.go */
export function exactAddressesAnnotation(metadata: unknown): string | null {
  return text(record(record(metadata).annotations)["cni.projectcalico.org/ipAddrs"]);
}

/** Which families the pods take addresses of: raw text, null when absent or empty. Source: …/cni-plugin/pkg/k8s/k8s.go */
export function ipFamiliesAnnotation(metadata: unknown): string | null {
  return text(record(record(metadata).annotations)["cni.projectcalico.org/ipFamilies"]);
}

/**
 * The pod's addresses as text, without masks, in Calico's reading order: status.podIPs, status.podIP, then the plugin's annotations.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/conversion/conversion.go getPodIPs
 */
export function podIps(pod: unknown): readonly string[] {
  const status = record(record(pod).status);
  // Nearly every pod ends here, and there are 150,000 of them: what follows is not even looked at.
  const several = list(status.podIPs)
    .map((entry) => text(record(entry).ip))
    .filter((ip) => ip !== null);
  if (several.length > 0) return several;
  const single = text(status.podIP);
  if (single !== null) return [single];
  const annotations = annotationsOf(pod);
  for (const name of IP_ANNOTATIONS) {
    const ips = listed(annotations[name]);
    if (ips.length > 0) return ips;
  }
  return [];
}

const IP_ANNOTATIONS = [
  "cni.projectcalico.org/podIPs",
  "cni.projectcalico.org/podIP",
  "vpc.amazonaws.com/pod-ips",
] as const;

/** Comma-separated, each with its mask. */
function listed(value: unknown): string[] {
  return (text(value) ?? "")
    .split(",")
    .map((part) => text(part.trim().split("/")[0]))
    .filter((ip) => ip !== null);
}

/** Its addresses no longer count, though the status may still show them. Source: …/conversion/conversion.go IsFinished */
export function isFinished(pod: unknown): boolean {
  const phase = record(record(pod).status).phase;
  if (phase === "Succeeded" || phase === "Failed" || phase === "Completed") return true;
  if (text(record(record(pod).metadata).deletionTimestamp) === null) return false;
  const annotations = annotationsOf(pod);
  return annotations["cni.projectcalico.org/podIP"] === "" || annotations["vpc.amazonaws.com/pod-ips"] === "";
}

function annotationsOf(pod: unknown): RawRecord {
  return record(record(record(pod).metadata).annotations);
}

/** What stands before Calico's own words; the last one counts. Runtimes with an older libcni leave the first out. */
const PREFIXES = [
  /^.*failed \(add\): /s,
  /^.*to CNI network "[^"]*": /s,
  /^.*failed to setup network for sandbox "[^"]*": /s,
] as const;

/**
 * Calico's own words in the message of a `FailedCreatePodSandBox` event: what follows the prefix of the kubelet and its runtime
 * (containerd, CRI-O). A message without one comes from elsewhere and is returned whole.
 */
export function sandboxFailureText(message: string): string {
  const prefix = PREFIXES.map((one) => one.exec(message)?.[0]).find((one) => one !== undefined);
  return message.slice(prefix?.length ?? 0).trim();
}
