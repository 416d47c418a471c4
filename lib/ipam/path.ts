import { type Address, formatAddress } from "./address.ts";
import type { TunnelType } from "./attribute-kind.ts";
import { natDecision } from "./path-nat.ts";
import { longestPool } from "./path-lookups.ts";
import { routeOf } from "./path-route.ts";
import type { Pool } from "./pool.ts";

export type Encapsulation = "none" | "vxlan" | "ipip" | "wireguard" | "unknown";

/** The way of a packet, and why. */
export interface Path {
  readonly from: string;
  readonly to: string;
  /** The source address that the destination sees; null: cannot be known, or the packet does not arrive. */
  readonly sees: string | null;
  /** Between nodes. */
  readonly encapsulation: Encapsulation;
  /** Places in order, each with the packet as it leaves there. */
  readonly hops: readonly Hop[];
  readonly decisions: readonly Decision[];
}

interface Hop {
  readonly at: string;
  readonly src: string;
  readonly dst: string;
  readonly encapsulation: Encapsulation;
  readonly note: string;
}

/** One question that decided, and the field of the object that answered it. */
export interface Decision {
  readonly question: string;
  readonly answer: "yes" | "no" | "unknown";
  readonly object: string | null;
  readonly field: string | null;
  readonly value: string | null;
}

export interface PathNode {
  readonly name: string;
  /** Calico's address with its subnet, such as `172.18.0.4/16`; null: none. */
  readonly bgpAddress: { readonly 4: string | null; readonly 6: string | null };
  /** As Kubernetes reports them, internal ones first. */
  readonly addresses: readonly string[];
  readonly tunnels: readonly { readonly type: TunnelType; readonly ip: string }[];
  readonly wireguard: { readonly 4: boolean; readonly 6: boolean };
}

export interface FelixSettings {
  readonly natOutgoingExclusions: "IPPoolsOnly" | "IPPoolsAndHostIPs";
  /** Replaces the node's address for IPv4; null: MASQUERADE. */
  readonly natOutgoingAddress: string | null;
  /** SNAT happens only on this interface; null: on all. */
  readonly natInterfaceFilter: string | null;
}

export interface PathInput {
  readonly source: {
    /** `namespace/pod`. */
    readonly name: string;
    readonly ip: Address;
    readonly hostNetwork: boolean;
    /** The node it runs on; null: none yet. */
    readonly nodeName: string | null;
    /** Null: the node object cannot be read. */
    readonly node: PathNode | null;
  };
  readonly destination: {
    /** As asked for. */
    readonly text: string;
    readonly ip: Address;
    /** Who has it, in words; null: nobody we know. */
    readonly owner: string | null;
    /** The node to which Calico routes it: that of the allocation, else of the block. Null: no block holds it. Unknown: blocks cannot be read. */
    readonly routedTo: { readonly name: string; readonly node: PathNode | null } | null | "unknown";
    /** The node whose own address it is. Unknown: nodes cannot be read. */
    readonly isNode: PathNode | null | "unknown";
    /** It is a Service's LoadBalancer address. */
    readonly isLoadBalancer: boolean;
  };
  /** All pools: disabled and terminating ones count in the data path. Null: cannot be read. */
  readonly pools: readonly Pool[] | null;
  /** Null: cannot be read. */
  readonly felix: FelixSettings | null;
  /** Such as `v3.32.1`; null: unknown. */
  readonly calicoVersion: string | null;
}

/** Follows one packet from a pod. Source: projectcalico/calico@87c1590 felix/rules/nat.go, felix/calc/l3_route_resolver.go, felix/dataplane/linux/route_mgr.go */
export function explainPath(input: PathInput): Path {
  const { source, destination } = input;
  const src = formatAddress(source.ip);
  const dst = formatAddress(destination.ip);
  const route = routeOf(input);
  const nat = natDecision(input, route.kind);
  const from = source.hostNetwork ? hostSource(input, route.encapsulation) : src;
  const after = nat.answer === "unknown" ? null : nat.answer === "yes" ? nat.address : from;
  const sees = route.lost ? null : after;
  const onWire = after ?? "unknown";
  const pod: Hop = { at: source.name, src, dst, encapsulation: "none", note: poolNote(input) };
  const node: Hop = {
    at: source.nodeName ?? "unknown node",
    src: onWire,
    dst,
    encapsulation: route.encapsulation,
    note: [nat.note, route.note].filter((note) => note !== "").join(" "),
  };
  const peer: Hop = {
    at: route.via ?? "",
    src: onWire,
    dst,
    encapsulation: "none",
    note: "Delivers it to the interface of the destination.",
  };
  const end: Hop = {
    at: destination.owner ?? destination.text,
    src: sees ?? "unknown",
    dst,
    encapsulation: "none",
    note: route.lost
      ? "The packet does not arrive."
      : route.arrival || (destination.owner === null ? "Nobody that we know has it." : `Has ${dst}.`),
  };
  return {
    from: source.name,
    to: destination.text,
    sees,
    encapsulation: route.encapsulation,
    hops: [
      ...(source.hostNetwork ? [] : [pod]),
      node,
      ...(route.via === null || route.lost ? [] : [peer]),
      end,
    ],
    decisions: [...nat.decisions, ...route.decisions],
  };
}

/** Traffic of the node itself takes the tunnel's address as its source; null: which one cannot be known. */
function hostSource({ source, destination }: PathInput, encapsulation: Encapsulation): string | null {
  const family = destination.ip.family;
  const types: Readonly<Record<Encapsulation, TunnelType | null>> = {
    none: null,
    unknown: null,
    vxlan: family === 4 ? "vxlanTunnelAddress" : "vxlanV6TunnelAddress",
    ipip: "ipipTunnelAddress",
    wireguard: family === 4 ? "wireguardTunnelAddress" : "wireguardV6TunnelAddress",
  };
  if (encapsulation === "none") return formatAddress(source.ip);
  return source.node?.tunnels.find(({ type }) => type === types[encapsulation])?.ip ?? null;
}

function poolNote({ source, pools }: PathInput): string {
  if (pools === null) return "Pools cannot be read.";
  const pool = longestPool(pools, source.ip);
  return pool === null
    ? `${formatAddress(source.ip)} is in no pool.`
    : `${formatAddress(source.ip)} is in ${pool.name}.`;
}
