import { randomBytes } from "node:crypto";
import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { getObject, mergePatch, removeObject } from "../../kube/objects.ts";
import type { EventRecorder } from "../controllers/event-recorder.ts";
import { referTo } from "../controllers/event-recorder.ts";
import type { ObjectStore } from "../controllers/object-store.ts";
import { keyOf } from "../controllers/object-store.ts";
import { resources } from "../controllers/resources.ts";
import type { Node, Pod } from "../kube-objects.ts";
import { annotationsFor, idOf, inputsOf, owned, type Sandbox, sandboxFailure, sandboxOf } from "./sandbox.ts";
import type { WrittenPodStatus } from "./pod-status.ts";
import { hasKubelet } from "./node-status.ts";
import { runningStatus, waitingStatus } from "./pod-status.ts";

/** What the container runtime asks of the network plugin. */
export interface NetworkPlugin {
  /** Addresses of the new sandbox; an error is the plugin's own text. Null: the pod is gone meanwhile. */
  add(
    pod: Pod,
    sandbox: string,
  ): Promise<{ readonly ips: readonly string[] } | { readonly error: string } | null>;
  del(pod: Pod, sandbox: string): Promise<void>;
}

export interface KubeletDeps {
  readonly connection: ClusterConnection;
  readonly recorder: EventRecorder;
  readonly nodes: ObjectStore<Node>;
  readonly pods: ObjectStore<Pod>;
  readonly network: NetworkPlugin;
  /** Base of the wait before a failed sandbox is tried again, up to half as much is added; a kubelet has 10 s. */
  readonly retryMs: number;
  readonly retryAfter: (key: string, milliseconds: number) => void;
}

const fieldManager = "kubelet";
/**
 * The kubelets of all nodes: starts what is bound, stops what is deleted or finished. One pod is worked on at a time, in
 * the order in which pods were bound, so the same pods in the same order get the same addresses on every run.
 */
export class Kubelet {
  readonly #deps: KubeletDeps;
  /** By pod uid. */
  readonly #sandboxes = new Map<string, Sandbox>();

  constructor(deps: KubeletDeps) {
    this.#deps = deps;
  }

  /** Brings one pod to where it should be. */
  async sync(key: string): Promise<void> {
    const [namespace = "", name = ""] = key.split("/");
    const pod = this.#deps.pods.get(name, namespace);
    const node = this.#deps.nodes.get(pod?.spec.nodeName ?? "");
    if (!pod || !node || !hasKubelet(node)) return;
    const phase = pod.status?.phase ?? "Pending";
    if (pod.metadata.deletionTimestamp) await this.#terminate(pod);
    else if (phase === "Succeeded" || phase === "Failed") await this.#tearDown(pod);
    else if (phase === "Running") this.#adopt(pod);
    else if (phase === "Pending") await this.#start(pod);
  }

  /**
   * The pod is gone from the API. Without its kubelet having had a say (force deletion) its address still goes back; not so
   * when the node is gone too: then nothing is left there that could give it back.
   */
  async forget(pod: Pod): Promise<void> {
    const id = idOf(this.#sandboxes.get(pod.metadata.uid));
    if (id !== null && pod.spec.nodeName) {
      const node = { resource: resources.nodes, name: pod.spec.nodeName };
      const nodeIsThere = (await ignoringGone(getObject(this.#deps.connection, node))) !== null;
      if (nodeIsThere) await this.#deps.network.del(pod, id);
    }
    this.#sandboxes.delete(pod.metadata.uid);
  }

  #adopt(pod: Pod): void {
    if (this.#sandboxes.has(pod.metadata.uid)) return;
    const id = pod.metadata.annotations?.[owned.containerId] ?? null;
    this.#sandboxes.set(pod.metadata.uid, { state: "up", id, ips: [] });
  }

  async #start(pod: Pod): Promise<void> {
    const sandbox = this.#sandboxes.get(pod.metadata.uid) ?? sandboxOf(pod);
    if (sandbox?.state === "up") await this.#report(pod, sandbox.id, sandbox.ips);
    else if (pod.spec.hostNetwork) await this.#startOnHost(pod);
    else {
      const wait = sandbox?.state === "failed" ? this.#waitOf(pod, sandbox) : 0;
      if (wait > 0) {
        this.#deps.retryAfter(keyOf(pod.metadata), wait);
        return;
      }
      if (sandbox?.state === "unclear") await this.#deps.network.del(pod, sandbox.id);
      await this.#createSandbox(pod);
    }
  }

  /** Milliseconds until a failed pod's next attempt; a change of the pod is looked at at once. */
  #waitOf(pod: Pod, failed: Extract<Sandbox, { state: "failed" }>): number {
    if (failed.inputs !== inputsOf(pod)) return 0;
    return Math.max(0, failed.retryAt - this.#deps.connection.clock.now());
  }

  async #startOnHost(pod: Pod): Promise<void> {
    const ip = this.#hostIp(pod);
    // A node made a moment ago has no address yet.
    if (ip === null) this.#deps.retryAfter(keyOf(pod.metadata), 100);
    else await this.#report(pod, null, [ip]);
  }

  async #createSandbox(pod: Pod): Promise<void> {
    const { network, connection, retryMs } = this.#deps;
    const { uid } = pod.metadata;
    const id = randomBytes(32).toString("hex");
    this.#sandboxes.set(uid, { state: "unclear", id });
    const result = await network.add(pod, id);
    if (result !== null && "ips" in result) {
      await this.#report(pod, id, result.ips);
      return;
    }
    if (result !== null)
      this.#record(pod, "Warning", "FailedCreatePodSandBox", sandboxFailure(id, result.error));
    // The runtime takes down what a failed sandbox left behind.
    await network.del(pod, id);
    const now = connection.clock.now();
    const wait = retryMs * (1 + Math.random() / 2);
    this.#sandboxes.set(uid, { state: "failed", retryAt: now + wait, inputs: inputsOf(pod) });
    this.#deps.retryAfter(keyOf(pod.metadata), wait);
    await this.#reportWaiting(pod, this.#hostIp(pod), now);
  }

  async #report(pod: Pod, id: string | null, ips: readonly string[]): Promise<void> {
    this.#sandboxes.set(pod.metadata.uid, { state: "up", id, ips });
    if (id !== null) await this.#annotate(pod, annotationsFor(id, ips));
    await this.#reportRunning(pod, ips);
  }

  async #reportRunning(pod: Pod, ips: readonly string[]): Promise<void> {
    const situation = { pod, hostIp: this.#hostIp(pod), now: this.#deps.connection.clock.now() };
    await this.#patchStatus(
      pod,
      runningStatus(situation, ips, () => randomBytes(32).toString("hex")),
    );
    for (const { name, image = "" } of pod.spec.containers) {
      const fieldPath = `spec.containers{${name}}`;
      this.#record(
        pod,
        "Normal",
        "Pulled",
        `Container image "${image}" already present on machine`,
        fieldPath,
      );
      this.#record(pod, "Normal", "Created", `Created container: ${name}`, fieldPath);
      this.#record(pod, "Normal", "Started", `Started container ${name}`, fieldPath);
    }
  }

  async #reportWaiting(pod: Pod, hostIp: string | null, now: number): Promise<void> {
    if (pod.status?.startTime !== undefined) return;
    await this.#patchStatus(pod, waitingStatus({ pod, hostIp, now }));
  }

  /** Containers stop at once here; then the network goes, then the pod itself. */
  async #terminate(pod: Pod): Promise<void> {
    if (this.#sandboxes.get(pod.metadata.uid)?.state === "up") {
      for (const { name } of pod.spec.containers) {
        this.#record(pod, "Normal", "Killing", `Stopping container ${name}`, `spec.containers{${name}}`);
      }
    }
    await this.#tearDown(pod);
    const { name, namespace = "", uid } = pod.metadata;
    const ref = { resource: resources.pods, namespace, name };
    await ignoringGone(removeObject(this.#deps.connection, ref, { uid, gracePeriodSeconds: 0 }));
  }

  /** CNI DEL: the address goes back, the annotations that named it are emptied. */
  async #tearDown(pod: Pod): Promise<void> {
    const known = this.#sandboxes.get(pod.metadata.uid);
    if (known?.state === "stopped") return;
    const annotations = pod.metadata.annotations ?? {};
    const id = idOf(known) ?? annotations[owned.containerId] ?? null;
    const hasNetwork = id !== null && !pod.spec.hostNetwork && annotations[owned.podIp] !== "";
    if (hasNetwork) {
      await this.#deps.network.del(pod, id);
      await this.#annotate(pod, { [owned.podIp]: "", [owned.podIps]: "" });
    }
    this.#sandboxes.set(pod.metadata.uid, { state: "stopped" });
  }

  async #annotate(pod: Pod, annotations: Readonly<Record<string, string>>): Promise<void> {
    const { name, namespace = "", uid } = pod.metadata;
    const ref = { resource: resources.pods, namespace, name, subresource: "status" };
    const patch = { metadata: { uid, annotations } };
    await ignoringGone(mergePatch(this.#deps.connection, ref, patch, { fieldManager: "calico" }));
  }

  async #patchStatus(pod: Pod, status: WrittenPodStatus): Promise<void> {
    const { name, namespace = "", uid } = pod.metadata;
    const ref = { resource: resources.pods, namespace, name, subresource: "status" };
    const patch = { metadata: { uid }, status };
    const patched = await ignoringGone(mergePatch(this.#deps.connection, ref, patch, { fieldManager }));
    if (patched !== null) this.#deps.pods.put(patched as Pod);
  }

  #hostIp(pod: Pod): string | null {
    const addresses = this.#deps.nodes.get(pod.spec.nodeName ?? "")?.status?.addresses ?? [];
    return addresses.find(({ type }) => type === "InternalIP")?.address ?? null;
  }

  #record(pod: Pod, type: "Normal" | "Warning", reason: string, message: string, fieldPath?: string): void {
    const object = { ...referTo(pod, "v1", "Pod"), ...(fieldPath === undefined ? {} : { fieldPath }) };
    const source = { component: "kubelet", host: pod.spec.nodeName ?? "" };
    this.#deps.recorder.record({ object, type, reason, message, source });
  }
}

/** Null when the object is gone, or is another one by now. */
async function ignoringGone(write: Promise<unknown>): Promise<unknown> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return null;
    throw error;
  }
}
