import { formatAddress, parseAddress } from "../../ipam/address.ts";
import { planAutoAssign, shortfall } from "../../ipam/auto-assign.ts";
import type { Block, Owner } from "../../ipam/block.ts";
import { attribute, newBlock, takeExact } from "../../ipam/block-ops.ts";
import { releaseByHandle } from "../../ipam/block-release.ts";
import { addressAt, type Cidr, cidrContains, formatCidr, parseCidr } from "../../ipam/cidr.ts";
import { type CniAddPlan, planCniAdd } from "../../ipam/cni-add.ts";
import type { IpamPlan } from "../../ipam/ipam-draft.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { IpamConfig, IpamSnapshot, Reservation } from "../../ipam/snapshot.ts";
import { toRawAffinity, toRawBlock, toRawHandle } from "../../calico/to-raw.ts";
import { parsePool } from "../../calico/parse-pool.ts";
import type { RawMetadata } from "../../calico/raw.ts";
import type { ClusterBuilder, RawObject } from "./builder.ts";

export interface PodAddressRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  readonly sandbox: string;
  readonly ageSeconds: number;
  /** What an annotation would name; the builder's `poolsOf` for the namespace when absent. */
  readonly pools?: readonly string[];
  readonly families?: readonly (4 | 6)[];
}

/** The address management of a made-up cluster: every block, claim and handle in it was made by Calico's own rules. */
export class IpamWorld {
  #snapshot: IpamSnapshot = {
    pools: [],
    blocks: new Map(),
    affinities: [],
    handles: new Map(),
    config: null,
    reservations: [],
  };
  /** Seconds before now at which each block was claimed, for creation times. */
  readonly #claimedAgo = new Map<string, number>();
  readonly #namespacePools = new Map<string, readonly string[]>();
  readonly #namespaceFamilies = new Map<string, readonly (4 | 6)[]>();

  get snapshot(): IpamSnapshot {
    return this.#snapshot;
  }

  addPool(raw: RawObject): void {
    const { value } = parsePool(raw);
    if (value) this.#snapshot = { ...this.#snapshot, pools: [...this.#snapshot.pools, value] };
  }

  addReservation(reservation: Reservation): void {
    this.#snapshot = { ...this.#snapshot, reservations: [...this.#snapshot.reservations, reservation] };
  }

  configure(config: IpamConfig): void {
    this.#snapshot = { ...this.#snapshot, config };
  }

  /** What the annotations of a namespace make of its pods. */
  assignNamespace(namespace: string, pools: readonly string[], families: readonly (4 | 6)[] = [4]): void {
    this.#namespacePools.set(namespace, pools);
    this.#namespaceFamilies.set(namespace, families);
  }

  /** A block claimed by a node (or by the LoadBalancer controller), wherever the node's own order would have led it. */
  claim(builder: ClusterBuilder, cidrText: string, owner: Owner, ageSeconds = builder.ageSeconds): void {
    const { cidr } = parseCidr(cidrText);
    const block = newBlock(cidr, owner, nanoseconds(builder, ageSeconds));
    this.#put(block);
    this.#claimedAgo.set(formatCidr(cidr), ageSeconds);
    const row = { owner, cidr, state: "confirmed" as const, deleted: false, revision: null };
    this.#snapshot = { ...this.#snapshot, affinities: [...this.#snapshot.affinities, row] };
  }

  /** What the plugin gives a new pod there. @throws Error with Calico's text when it refuses. */
  assign(builder: ClusterBuilder, request: PodAddressRequest): string[] {
    const plan = this.#planAdd(builder, request);
    if (plan.error !== null) throw new Error(plan.error);
    this.#take(plan, request.ageSeconds);
    return plan.ips.map(formatAddress);
  }

  /** Calico's text for a pod that gets no address there. @throws Error when it would get one. */
  refusal(builder: ClusterBuilder, request: PodAddressRequest): string {
    const { error } = this.#planAdd(builder, request);
    if (error === null) throw new Error(`${request.namespace}/${request.pod} would get an address`);
    return error;
  }

  #planAdd(builder: ClusterBuilder, request: PodAddressRequest): CniAddPlan {
    const { namespace, pod, node, ageSeconds } = request;
    const pools = request.pools ?? this.#namespacePools.get(namespace) ?? [];
    const cidrs = pools.map((name) => this.pool(name).cidr);
    return planCniAdd(this.#snapshot, {
      node,
      nodeLabels: (one) => builder.nodeLabels(one),
      namespace,
      namespaceLabels: builder.namespaceLabels(namespace),
      pod,
      handle: `k8s-pod-network.${request.sandbox}`,
      pools4: cidrs.filter(({ family }) => family === 4),
      pools6: cidrs.filter(({ family }) => family === 6),
      families: request.families ?? this.#namespaceFamilies.get(namespace) ?? [4],
      exactIp: null,
      now: nanoseconds(builder, ageSeconds),
    });
  }

  /** One tunnel address as calico-node takes it, preferably before the node's first pod. */
  assignTunnel(
    builder: ClusterBuilder,
    node: string,
    type: "vxlan" | "ipip" | "vxlan-v6" | "wireguard",
    pools: readonly string[],
  ): string {
    const names = {
      vxlan: "vxlanTunnelAddress",
      ipip: "ipipTunnelAddress",
      "vxlan-v6": "vxlanV6TunnelAddress",
      wireguard: "wireguardTunnelAddress",
    } as const;
    const annotations = {
      vxlan: "IPv4VXLANTunnelAddr",
      ipip: "IPv4IPIPTunnelAddr",
      "vxlan-v6": "IPv6VXLANTunnelAddr",
      wireguard: "IPv4WireguardInterfaceAddr",
    } as const;
    const request = {
      family: type === "vxlan-v6" ? (6 as const) : (4 as const),
      requestedPools: pools.map((name) => this.pool(name).cidr),
      node,
      nodeLabels: (one: string) => builder.nodeLabels(one),
      namespaceLabels: null,
      use: "Tunnel" as const,
      handle: `${type}-tunnel-addr-${node}`,
      attributes: { node, type: names[type] },
      now: nanoseconds(builder, builder.ageSeconds),
    };
    const plan = planAutoAssign(this.#snapshot, request);
    const error = plan.error ?? shortfall(plan, request);
    if (error !== null) throw new Error(error);
    this.#take(plan, builder.ageSeconds);
    const ip = plan.ips.map(formatAddress).join();
    builder.annotateNode(node, `projectcalico.org/${annotations[type]}`, ip);
    return ip;
  }

  /** An exact address under a handle, in a block that exists. */
  take(
    builder: ClusterBuilder,
    ip: string,
    handle: string,
    attributes: Readonly<Record<string, string>>,
  ): void {
    const address = parseAddress(ip);
    for (const block of this.#snapshot.blocks.values()) {
      if (!cidrContains(block.cidr, address)) continue;
      const owner: Owner = block.affinity ?? { type: "host", name: "" };
      const taken = takeExact(block, address, {
        attribute: attribute(handle, attributes),
        owner,
        mustBeOwner: false,
      });
      if (!taken.ok) throw new Error(taken.error);
      this.#put({ ...taken.block, sequenceNumber: taken.block.sequenceNumber + 1n });
      this.#count(handle, block.cidr, 1);
      return;
    }
    throw new Error(`no block holds ${ip}`);
  }

  /** The first free address of a block, whoever owns it. */
  takeNext(
    builder: ClusterBuilder,
    cidrText: string,
    handle: string,
    attributes: Readonly<Record<string, string>>,
  ): void {
    const block = this.#snapshot.blocks.get(cidrText);
    const [next] = block?.queue ?? [];
    if (!block || next === undefined) throw new Error(`no free address in ${cidrText}`);
    this.take(builder, formatAddress(addressAt(block.cidr, next)), handle, attributes);
  }

  /** A block of the pool that the node owns, as text. */
  blockOf(pool: Pool, node: string): string {
    for (const [key, { cidr, affinity }] of this.#snapshot.blocks) {
      if (affinity?.name === node && cidrContains(pool.cidr, { family: cidr.family, value: cidr.base }))
        return key;
    }
    throw new Error(`${node} owns no block of ${pool.name}`);
  }

  /** CNI DEL, so many seconds ago. */
  release(builder: ClusterBuilder, handle: string, ageSeconds: number): void {
    const now = nanoseconds(builder, ageSeconds);
    const cooldownSeconds = this.#snapshot.config?.ipCooldownSeconds ?? 0;
    for (const block of this.#snapshot.blocks.values()) {
      const released = releaseByHandle(block, handle, { now, cooldownSeconds });
      if (released.count === 0) continue;
      this.#put({ ...released.block, sequenceNumber: released.block.sequenceNumber + 1n });
      this.#count(handle, block.cidr, -released.count);
    }
  }

  /** Changes a block by hand, for stories in which something went wrong. */
  alter(cidrText: string, change: (block: Block) => Block): void {
    const block = this.#snapshot.blocks.get(cidrText);
    if (!block) throw new Error(`no block ${cidrText}`);
    this.#put(change(block));
  }

  dropAffinityRow(cidrText: string): void {
    const affinities = this.#snapshot.affinities.filter((row) => formatCidr(row.cidr) !== cidrText);
    this.#snapshot = { ...this.#snapshot, affinities };
  }

  pool(name: string): Pool {
    const pool = this.#snapshot.pools.find((one) => one.name === name);
    if (!pool) throw new Error(`no pool ${name}`);
    return pool;
  }

  *objects(builder: ClusterBuilder): Iterable<RawObject> {
    for (const block of this.#snapshot.blocks.values()) {
      const ageSeconds = this.#claimedAgo.get(formatCidr(block.cidr)) ?? 0;
      yield stored(builder, toRawBlock(block, builder.mode), ageSeconds);
    }
    for (const row of this.#snapshot.affinities) {
      yield stored(
        builder,
        toRawAffinity(row, builder.mode),
        this.#claimedAgo.get(formatCidr(row.cidr)) ?? 0,
      );
    }
    for (const handle of this.#snapshot.handles.values())
      yield stored(builder, toRawHandle(handle, builder.mode), builder.ageSeconds);
  }

  #take(plan: IpamPlan, ageSeconds: number): void {
    this.#snapshot = plan.after;
    for (const write of plan.writes) {
      if (write.kind === "block" && write.op === "create")
        this.#claimedAgo.set(formatCidr(write.block.cidr), ageSeconds);
    }
  }

  #put(block: Block): void {
    const blocks = new Map(this.#snapshot.blocks).set(formatCidr(block.cidr), block);
    this.#snapshot = { ...this.#snapshot, blocks };
  }

  #count(id: string, cidr: Cidr, change: number): void {
    const handles = new Map(this.#snapshot.handles);
    const counts = new Map(handles.get(id)?.blocks);
    const count = (counts.get(formatCidr(cidr)) ?? 0) + change;
    if (count > 0) counts.set(formatCidr(cidr), count);
    else counts.delete(formatCidr(cidr));
    if (counts.size > 0) handles.set(id, { id, blocks: counts, deleted: false, revision: null });
    else handles.delete(id);
    this.#snapshot = { ...this.#snapshot, handles };
  }
}

/** A moment as Calico's clock would have read it: never a whole second. */
function nanoseconds(builder: ClusterBuilder, ageSeconds: number): bigint {
  return BigInt(builder.before(ageSeconds)) * 1_000_000n + BigInt(builder.random.below(1_000_000_000));
}

/** What the API server adds when it stores an object. */
function stored(
  builder: ClusterBuilder,
  raw: { readonly apiVersion: string; readonly kind: string; readonly metadata: RawMetadata },
  ageSeconds: number,
): RawObject {
  const { uid, creationTimestamp, generation } = builder.meta(raw.metadata.name, { ageSeconds });
  return { ...raw, metadata: { ...raw.metadata, uid, creationTimestamp, generation: generation ?? 1 } };
}
