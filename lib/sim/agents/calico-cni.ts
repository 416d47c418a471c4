import { formatAddress } from "../../ipam/address.ts";
import { type CniAddPlan, type CniAddRequest, exactIpError, planCniAdd } from "../../ipam/cni-add.ts";
import type { IpamPlan } from "../../ipam/ipam-draft.ts";
import type { Pool } from "../../ipam/pool.ts";
import { planCniDel } from "../../ipam/release.ts";
import type { Labels } from "../../ipam/selector.ts";
import type { IpamSnapshot } from "../../ipam/snapshot.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { getObject } from "../../kube/objects.ts";
import type { ObjectRef } from "../../kube/objects.ts";
import type { ObjectStore } from "../controllers/object-store.ts";
import { resources } from "../controllers/resources.ts";
import type { KubeObject, Node, Pod } from "../kube-objects.ts";
import { calicoResources } from "../storage-mode.ts";
import type { IpamReader } from "./ipam-reader.ts";
import { PlanConflict, writePlan } from "./ipam-writer.ts";
import type { NetworkPlugin } from "./kubelet.ts";
import { nanosecondsNow, nodeLabelsOf } from "./node-facts.ts";
import { networkRequest } from "./network-request.ts";
import type { TunnelAllocator } from "./tunnel-allocator.ts";

/** How often Calico's library tries again when somebody else was faster. */
const maxAttempts = 100;

interface ClusterInformation extends KubeObject {
  readonly spec?: { readonly datastoreReady?: boolean };
}

/**
 * Calico's CNI plugin with its IPAM: everything is read afresh for each pod, planned by lib/ipam and written under the
 * versions that were read. Calls come one at a time, as under the plugin's lock file.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/plugin/plugin.go, cni-plugin/pkg/ipamplugin/ipam_plugin.go
 */
export class CalicoCni implements NetworkPlugin {
  readonly #connection: ClusterConnection;
  readonly #reader: IpamReader;
  readonly #nodes: ObjectStore<Node>;
  readonly #tunnels: TunnelAllocator;

  constructor(
    connection: ClusterConnection,
    reader: IpamReader,
    nodes: ObjectStore<Node>,
    tunnels: TunnelAllocator,
  ) {
    this.#connection = connection;
    this.#tunnels = tunnels;
    this.#reader = reader;
    this.#nodes = nodes;
  }

  async add(known: Pod, sandbox: string): Promise<{ ips: readonly string[] } | { error: string } | null> {
    const { name, namespace = "", uid } = known.metadata;
    const notReady = await this.#datastoreError();
    if (notReady !== null) return { error: notReady };
    const [pod, home, node, pools] = await Promise.all([
      this.#get<Pod>({ resource: resources.pods, namespace, name }),
      this.#get<KubeObject>({ resource: resources.namespaces, name: namespace }),
      this.#get<Node>({ resource: resources.nodes, name: known.spec.nodeName ?? "" }),
      this.#reader.pools(),
    ]);
    await this.#tunnels.runFor(pools);
    if (pod === null || pod.metadata.uid !== uid || pod.metadata.deletionTimestamp) return null;
    if (home === null)
      return { error: `failed to get namespace ${namespace}: namespaces "${namespace}" not found` };
    const wanted = networkRequest(pod.metadata.annotations ?? {}, home.metadata.annotations ?? {}, pools);
    if (!wanted.ok) return { error: wanted.error };
    const request = {
      node: known.spec.nodeName ?? "",
      nodeLabels: (one: string) => this.#labels(one, node),
      namespace,
      namespaceLabels: home.metadata.labels ?? {},
      pod: name,
      handle: handleOf(sandbox),
      pools4: wanted.pools4,
      pools6: wanted.pools6,
      families: wanted.families,
    };
    if (wanted.exactIps === null) return this.#assign(pools, { ...request, exactIp: null });
    const ips: string[] = [];
    for (const exactIp of wanted.exactIps) {
      const result = await this.#assign(pools, { ...request, exactIp });
      if ("error" in result) return { error: exactIpError(result.error) };
      ips.push(...result.ips);
    }
    return { ips };
  }

  async del(pod: Pod, sandbox: string): Promise<void> {
    const { name, namespace = "" } = pod.metadata;
    const handle = handleOf(sandbox);
    for (let attempt = 1; ; attempt++) {
      const pools = await this.#reader.pools();
      const snapshot = await this.#reader.heldBy(pools, [handle, `${namespace}.${name}`]);
      const clock = {
        nodeLabels: (node: string) => this.#labels(node, null),
        now: nanosecondsNow(this.#connection.clock),
      };
      const plan = planCniDel(snapshot, { handle, namespace, pod: name }, clock);
      if (await this.#write(plan, snapshot, attempt)) return;
    }
  }

  /** Tries the node's own blocks first; only when they do not do is the whole cluster read. */
  async #assign(
    pools: readonly Pool[],
    request: Omit<CniAddRequest, "now">,
  ): Promise<{ ips: readonly string[] } | { error: string }> {
    const { node, handle } = request;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const own = await this.#reader.ownBlocks(node, pools, [handle]);
      let [snapshot, plan] = [own, this.#plan(own, request)];
      if (!staysAtHome(plan)) {
        snapshot = await this.#reader.everything(node, pools, [handle]);
        plan = this.#plan(snapshot, request);
      }
      if (await this.#write(plan, snapshot, attempt)) {
        return plan.error === null ? { ips: plan.ips.map(formatAddress) } : { error: plan.error };
      }
      await this.#giveBack(handle, pools);
    }
    return { error: "Max retries hit - excessive concurrent IPAM requests" };
  }

  #plan(snapshot: IpamSnapshot, request: Omit<CniAddRequest, "now">): CniAddPlan {
    return planCniAdd(snapshot, { ...request, now: nanosecondsNow(this.#connection.clock) });
  }

  /** What a plan took before it met a conflict goes back, so that the next one starts from nothing. */
  async #giveBack(handle: string, pools: readonly Pool[]): Promise<void> {
    const snapshot = await this.#reader.heldBy(pools, [handle]);
    if (snapshot.handles.size === 0) return;
    const clock = {
      nodeLabels: (node: string) => this.#labels(node, null),
      now: nanosecondsNow(this.#connection.clock),
    };
    await this.#write(planCniDel(snapshot, { handle, namespace: "", pod: "" }, clock), snapshot, 1);
  }

  /** False: somebody else changed something meanwhile. */
  async #write(plan: IpamPlan, snapshot: IpamSnapshot, attempt: number): Promise<boolean> {
    try {
      await writePlan(this.#connection, this.#reader.mode, plan, snapshot);
      return true;
    } catch (error) {
      if (!(error instanceof PlanConflict) || attempt >= maxAttempts) throw error;
      return false;
    }
  }

  /** The plugin refuses everything while the datastore is locked or cannot be asked. */
  async #datastoreError(): Promise<string | null> {
    try {
      const info = await this.#get<ClusterInformation>({
        resource: calicoResources(this.#reader.mode).clusterInformations,
        name: "default",
      });
      if (info === null) {
        const { group } = calicoResources(this.#reader.mode).clusterInformations;
        const missing = `clusterinformations.${group} "default" not found`;
        return `error getting ClusterInformation: resource does not exist: ClusterInformation(default) with error: ${missing}`;
      }
      return info.spec?.datastoreReady === false ? "Calico is currently not ready to process requests" : null;
    } catch (error) {
      return `error getting ClusterInformation: ${error instanceof Error ? error.message : "unknown"}`;
    }
  }

  #labels(name: string, fresh: Node | null): Labels | null {
    const node = fresh?.metadata.name === name ? fresh : this.#nodes.get(name);
    return node ? nodeLabelsOf(node) : null;
  }

  async #get<T extends KubeObject>(ref: ObjectRef): Promise<T | null> {
    try {
      return (await getObject(this.#connection, ref)) as T;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }
}

/** Source: projectcalico/calico@87c1590 cni-plugin/internal/pkg/utils/utils.go GetHandleID */
function handleOf(sandbox: string): string {
  return `k8s-pod-network.${sandbox}`;
}

/** Whether a plan made from the node's own blocks alone would be the same with all blocks known. */
function staysAtHome(plan: CniAddPlan): boolean {
  return (
    plan.error === null && plan.writes.every((write) => write.kind === "handle" || write.op === "update")
  );
}
