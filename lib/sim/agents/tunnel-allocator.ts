import type { TunnelType } from "../../ipam/attribute-kind.ts";
import { tunnelHandle, tunnelTypes } from "../../ipam/attribute-kind.ts";
import type { Block } from "../../ipam/block.ts";
import { formatCidr } from "../../ipam/cidr.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { Handle, IpamSnapshot } from "../../ipam/snapshot.ts";
import { planTunnels, type TunnelAddresses, type TunnelRequest } from "../../ipam/tunnels.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { mergePatch } from "../../kube/objects.ts";
import type { ObjectStore } from "../controllers/object-store.ts";
import { resources } from "../controllers/resources.ts";
import type { Node } from "../kube-objects.ts";
import type { IpamReader } from "./ipam-reader.ts";
import { writePlan } from "./ipam-writer.ts";
import { hasKubelet } from "./node-status.ts";
import { nanosecondsNow, nodeLabelsOf } from "./node-facts.ts";

/** Node annotation of each tunnel address type, under `projectcalico.org/`. */
const annotationOf: Readonly<Record<TunnelType, string>> = {
  ipipTunnelAddress: "IPv4IPIPTunnelAddr",
  vxlanTunnelAddress: "IPv4VXLANTunnelAddr",
  vxlanV6TunnelAddress: "IPv6VXLANTunnelAddr",
  wireguardTunnelAddress: "IPv4WireguardInterfaceAddr",
  wireguardV6TunnelAddress: "IPv6WireguardInterfaceAddr",
};

/** Whether calico-node runs there: the machine is up, and it has published the node's own address. */
function runsCalicoNode(node: Node): boolean {
  if (!hasKubelet(node)) return false;
  const annotations = node.metadata.annotations ?? {};
  return Boolean(
    annotations["projectcalico.org/IPv4Address"] || annotations["projectcalico.org/IPv6Address"],
  );
}

/** What the allocator's work on a node depends on, as text: nothing is to be done until it changes. */
function tunnelInputs(node: Node): string {
  const annotations = node.metadata.annotations ?? {};
  const keys = ["WireguardPublicKey", "WireguardPublicKeyV6", ...Object.values(annotationOf)];
  return JSON.stringify([
    runsCalicoNode(node),
    nodeLabelsOf(node),
    keys.map((key) => annotations[`projectcalico.org/${key}`]),
  ]);
}

/**
 * calico-node's tunnel address allocator for all nodes: one after the other in name order, all from one fresh read and
 * what was written since.
 */
export class TunnelAllocator {
  readonly #connection: ClusterConnection;
  readonly #reader: IpamReader;
  readonly #nodes: ObjectStore<Node>;
  /** What each node's last pass was made from. */
  readonly #done = new Map<string, string>();
  #poolInputs = "";

  constructor(connection: ClusterConnection, reader: IpamReader, nodes: ObjectStore<Node>) {
    this.#connection = connection;
    this.#reader = reader;
    this.#nodes = nodes;
  }

  /** Whether something about the node changed since its last pass. */
  isDue(node: Node): boolean {
    return (
      runsCalicoNode(node) && this.#done.get(node.metadata.name) !== this.#poolInputs + tunnelInputs(node)
    );
  }

  /** Runs if these pools are not those of the last run: whoever takes an address next finds the tunnels served first. */
  async runFor(pools: readonly Pool[]): Promise<void> {
    if (poolInputsOf(pools) !== this.#poolInputs) await this.run();
  }

  /**
   * A pass for every node that is due.
   * @throws PlanConflict when somebody else changed something meanwhile: run again
   */
  async run(): Promise<void> {
    const pools = await this.#reader.pools();
    this.#poolInputs = poolInputsOf(pools);
    const due = [...this.#nodes.values()]
      .filter((node) => this.isDue(node))
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    if (due.length === 0) return;
    let snapshot = await this.#reader.everything(null, pools, []);
    snapshot = { ...snapshot, handles: tunnelHandlesIn(snapshot.blocks.values()) };
    for (const node of due) {
      const passed = await this.#pass(node, snapshot);
      snapshot = passed.snapshot;
      this.#done.set(node.metadata.name, this.#poolInputs + tunnelInputs(passed.node));
    }
  }

  /** A node of that name starts anew. */
  forget(node: Node): void {
    this.#done.delete(node.metadata.name);
  }

  async #pass(node: Node, assumed: IpamSnapshot): Promise<{ node: Node; snapshot: IpamSnapshot }> {
    let snapshot = assumed;
    let plan = planTunnels(snapshot, this.#requestFor(node));
    if (plan.writes.length > 0) {
      const real = await this.#reader.handles(
        tunnelTypes.map((type) => tunnelHandle(type, node.metadata.name)),
      );
      snapshot = { ...assumed, handles: new Map([...assumed.handles, ...real]) };
      plan = planTunnels(snapshot, this.#requestFor(node));
      snapshot = await writePlan(this.#connection, this.#reader.mode, plan, snapshot);
    }
    if (plan.error === null) return { node: await this.#annotate(node, plan.addresses), snapshot };
    this.#connection.log.warn({ node: node.metadata.name, reason: plan.error }, "no tunnel address");
    return { node, snapshot };
  }

  #requestFor(node: Node): TunnelRequest {
    const annotations = node.metadata.annotations ?? {};
    return {
      node: node.metadata.name,
      nodeLabels: (one) => {
        const known = one === node.metadata.name ? node : this.#nodes.get(one);
        return known ? nodeLabelsOf(known) : null;
      },
      addresses: addressesOf(annotations),
      wireguardKeys: [
        ...(annotations["projectcalico.org/WireguardPublicKey"] ? [4 as const] : []),
        ...(annotations["projectcalico.org/WireguardPublicKeyV6"] ? [6 as const] : []),
      ],
      now: nanosecondsNow(this.#connection.clock),
    };
  }

  async #annotate(node: Node, addresses: TunnelAddresses): Promise<Node> {
    const before = addressesOf(node.metadata.annotations ?? {});
    const changed = tunnelTypes.filter((type) => before[type] !== addresses[type]);
    if (changed.length === 0) return node;
    const annotations = Object.fromEntries(
      changed.map((type) => [`projectcalico.org/${annotationOf[type]}`, addresses[type] ?? null]),
    );
    const ref = { resource: resources.nodes, name: node.metadata.name };
    const patch = { metadata: { uid: node.metadata.uid, annotations } };
    const patched = (await mergePatch(this.#connection, ref, patch, { fieldManager: "calico-node" })) as Node;
    this.#nodes.put(patched);
    return patched;
  }
}

function poolInputsOf(pools: readonly Pool[]): string {
  return pools.map(({ name, resourceVersion }) => `${name}@${resourceVersion}`).join(" ");
}

/**
 * Handles of tunnel addresses as the blocks imply them. Good enough to see that nothing is to be done, which spares a read
 * per node and type; before anything is written the real ones are read.
 */
function tunnelHandlesIn(blocks: Iterable<Block>): ReadonlyMap<string, Handle> {
  const handles = new Map<string, Handle>();
  for (const block of blocks) {
    for (const { handle, owner } of block.attributes) {
      if (handle === null || !tunnelTypes.some((type) => type === owner["type"])) continue;
      const counts = new Map(handles.get(handle)?.blocks).set(formatCidr(block.cidr), 1);
      handles.set(handle, { id: handle, blocks: counts, deleted: false, revision: null });
    }
  }
  return handles;
}

function addressesOf(annotations: Readonly<Record<string, string>>): TunnelAddresses {
  return Object.fromEntries(
    tunnelTypes.flatMap((type) => {
      const address = annotations[`projectcalico.org/${annotationOf[type]}`];
      return address ? [[type, address]] : [];
    }),
  );
}
