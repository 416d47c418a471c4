import type { Pod } from "../kube-objects.ts";

/** What a kubelet knows of the sandbox of a pod. */
export type Sandbox =
  /** `id` null: on the host's network. */
  | { readonly state: "up"; readonly id: string | null; readonly ips: readonly string[] }
  /** The plugin was called and has not answered: whether it took an address is not known. */
  | { readonly state: "unclear"; readonly id: string }
  | { readonly state: "failed"; readonly retryAt: number; readonly inputs: string }
  | { readonly state: "stopped" };

/** Annotations that Calico's plugin keeps on a pod. */
export const owned = {
  containerId: "cni.projectcalico.org/containerID",
  podIp: "cni.projectcalico.org/podIP",
  podIps: "cni.projectcalico.org/podIPs",
};

/** An agent stopped between the plugin's annotations and the status: then the sandbox is there. */
export function sandboxOf(pod: Pod): Sandbox | undefined {
  const { [owned.containerId]: id, [owned.podIps]: given } = pod.metadata.annotations ?? {};
  if (!id || !given) return undefined;
  return { state: "up", id, ips: given.split(",").map((ip) => ip.replace(/\/\d+$/, "")) };
}

export function idOf(sandbox: Sandbox | undefined): string | null {
  return sandbox?.state === "up" || sandbox?.state === "unclear" ? sandbox.id : null;
}

/** The event text as containerd and the kubelet word it; `error` is the plugin's own. */
export function sandboxFailure(sandbox: string, error: string): string {
  return (
    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox " +
    `"${sandbox}": plugin type="calico" failed (add): ${error}`
  );
}

export function annotationsFor(sandbox: string, ips: readonly string[]): Record<string, string> {
  const masked = ips.map((ip) => `${ip}/${ip.includes(":") ? 128 : 32}`);
  return { [owned.containerId]: sandbox, [owned.podIp]: masked[0] ?? "", [owned.podIps]: masked.join(",") };
}

/** What a kubelet reacts to: everything of the pod except what it and the plugin write themselves. */
export function inputsOf(pod: Pod): string {
  const {
    [owned.containerId]: _id,
    [owned.podIp]: _ip,
    [owned.podIps]: _ips,
    ...annotations
  } = pod.metadata.annotations ?? {};
  return JSON.stringify([pod.metadata.labels, annotations, pod.spec]);
}
