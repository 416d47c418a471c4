import { AddressError, type Family, formatAddress, parseAddress } from "./address.ts";
import { type Cidr, cidrContains, formatCidr, parseCidr } from "./cidr.ts";
import type { Decision, Encapsulation, PathInput, PathNode } from "./path.ts";
import { addressOf, isKnown, isLoadBalancerOnly, longestPool } from "./path-lookups.ts";
import type { Pool } from "./pool.ts";

/** What kind of place the destination is. */
export type RouteKind =
  "local" | "remote" | "unclaimed" | "node" | "own-node" | "load-balancer" | "outside" | "unknown";

export interface Route {
  readonly kind: RouteKind;
  readonly encapsulation: Encapsulation;
  /** The node that the packet passes after the pod's own; null: none. */
  readonly via: string | null;
  readonly note: string;
  /** What the destination is, when nobody we know has it. */
  readonly arrival: string;
  /** It does not arrive. */
  readonly lost: boolean;
  readonly decisions: readonly Decision[];
}

/**
 * Where the packet goes and how it is wrapped. The pool of the destination decides; that of the source does not matter.
 * Source: projectcalico/calico@87c1590 felix/calc/l3_route_resolver.go, felix/dataplane/linux/route_mgr.go, vxlan_mgr.go, ipip_mgr.go
 */
export function routeOf(input: PathInput): Route {
  const { source, destination, pools } = input;
  const dst = formatAddress(destination.ip);
  const plain = (kind: RouteKind, note: string, arrival = ""): Route => ({
    kind,
    encapsulation: "none",
    via: null,
    note,
    arrival,
    lost: false,
    decisions: [],
  });
  if (isKnown(destination.isNode)) {
    const own = destination.isNode.name === source.nodeName;
    if (own) return plain("own-node", "The packet stays on the node.");
    return plain(
      "node",
      "Routes it as any other packet: the address of a node is in no pool, so it is not encapsulated.",
    );
  }
  if (destination.isLoadBalancer) {
    const note =
      "kube-proxy rewrites the destination to one of the Service's backends, which is not followed here.";
    return { ...plain("load-balancer", note), encapsulation: "unknown", lost: true };
  }
  const { routedTo } = destination;
  if (isKnown(routedTo) && routedTo.name === source.nodeName)
    return plain("local", `Hands it straight to the interface that has ${dst}.`);
  const pool = pools === null ? null : longestPool(pools, destination.ip);
  if (pools === null && isKnown(routedTo))
    return {
      ...plain("remote", "Pools cannot be read, so the encapsulation is unknown."),
      encapsulation: "unknown",
      via: routedTo.name,
    };
  if (routedTo === "unknown" && (pools === null || pool !== null)) return untold(input, pool, plain);
  if (pool === null || isLoadBalancerOnly(pool)) return outside(input, pool, plain);
  if (!isKnown(routedTo)) {
    const decision: Decision = {
      question: "Does a node hold the block of the destination?",
      answer: "no",
      object: pool.name,
      field: null,
      value: `no block holds ${dst}`,
    };
    const arrival = `${dst} is in ${pool.name}, but in no block: no pod of this cluster has it.`;
    return {
      ...plain("unclaimed", "Routes it as any other packet, without a tunnel.", arrival),
      decisions: [decision],
    };
  }
  return remote(input, pool, routedTo);
}

/** It may go to any node, or to none. */
function untold(
  { destination }: PathInput,
  pool: Pool | null,
  plain: (kind: RouteKind, note: string, arrival?: string) => Route,
): Route {
  const decision: Decision = {
    question: "Does a node hold the block of the destination?",
    answer: "unknown",
    object: pool?.name ?? "IPAM blocks",
    field: null,
    value: "blocks cannot be read",
  };
  const arrival = `Who has ${formatAddress(destination.ip)} cannot be known: blocks cannot be read.`;
  return {
    ...plain("unknown", "Blocks cannot be read, so where it goes is unknown.", arrival),
    encapsulation: "unknown",
    decisions: [decision],
  };
}

/** Blocks whose pool is gone get no cluster route; all else leaves by the node's own routes. */
function outside(
  { destination, pools }: PathInput,
  pool: Pool | null,
  plain: (kind: RouteKind, note: string, arrival?: string) => Route,
): Route {
  const dst = formatAddress(destination.ip);
  if (isKnown(destination.routedTo) && pool === null) {
    const question = "Is the block of the destination in a pool?";
    const decision: Decision = {
      question,
      answer: "no",
      object: destination.routedTo.name,
      field: "spec.cidr",
      value: null,
    };
    return {
      ...plain("outside", "Calico programs no route for a block outside every pool."),
      via: null,
      lost: true,
      decisions: [decision],
    };
  }
  const arrival =
    pool === null ? nobody(pools, destination.isNode) : `${dst} is in ${pool.name}, and no Service has it.`;
  return plain("outside", "Routes it as any other packet, without a tunnel.", arrival);
}

function nobody(pools: PathInput["pools"], isNode: PathInput["destination"]["isNode"]): string {
  if (pools === null) return "In no block; pools cannot be read.";
  if (isNode === "unknown") return "In no pool; whether a node has it cannot be known: nodes cannot be read.";
  return "In no pool, and no node of this cluster has it.";
}

function remote(input: PathInput, pool: Pool, to: { name: string; node: PathNode | null }): Route {
  const { source } = input;
  const family = pool.cidr.family;
  const base = { kind: "remote" as const, via: to.name, arrival: "", lost: false };
  const wireguard = wireguardDecision(source.node, to, family);
  if (wireguard.answer === "yes") {
    return {
      ...base,
      encapsulation: "wireguard",
      note: `Encrypts it for ${to.name}.`,
      decisions: [wireguard],
    };
  }
  const mode = poolMode(pool);
  const modeDecision: Decision = {
    question: "Does the destination's pool encapsulate?",
    answer: mode === null ? "no" : "yes",
    object: pool.name,
    field: mode?.field ?? "spec.vxlanMode",
    value: mode?.value ?? "Never",
  };
  const decisions: Decision[] = [...(wireguard.answer === "unknown" ? [wireguard] : []), modeDecision];
  if (mode === null)
    return {
      ...base,
      encapsulation: wireguard.answer === "unknown" ? "unknown" : "none",
      note: `Routes it to ${to.name} without a tunnel.`,
      decisions,
    };
  if (mode.value === "CrossSubnet") {
    const subnet = subnetDecision(source.node, to, family);
    decisions.push(subnet);
    if (subnet.answer === "yes")
      return {
        ...base,
        encapsulation: wireguard.answer === "unknown" ? "unknown" : "none",
        note: `Routes it to ${to.name} without a tunnel: both nodes are in one subnet.`,
        decisions,
      };
    if (subnet.answer === "unknown")
      return {
        ...base,
        encapsulation: "unknown",
        note: "Whether it is encapsulated cannot be known.",
        decisions,
      };
  }
  return tunnelled(input, mode.encapsulation, to, base, decisions);
}

interface Mode {
  readonly encapsulation: "vxlan" | "ipip";
  readonly field: string;
  readonly value: "Always" | "CrossSubnet";
}

/** VXLAN goes before IPIP, which carries IPv4 only. */
function poolMode(pool: Pool): Mode | null {
  if (pool.vxlanMode !== "Never")
    return { encapsulation: "vxlan", field: "spec.vxlanMode", value: pool.vxlanMode };
  if (pool.ipipMode !== "Never" && pool.cidr.family === 4)
    return { encapsulation: "ipip", field: "spec.ipipMode", value: pool.ipipMode };
  return null;
}

function wireguardDecision(
  from: PathNode | null,
  to: { name: string; node: PathNode | null },
  family: Family,
): Decision {
  const question = "Have both nodes a WireGuard key?";
  const field = `projectcalico.org/WireguardPublicKey${family === 6 ? "V6" : ""}`;
  const has = (node: PathNode | null): boolean | null => node?.wireguard[family] ?? null;
  const keys = [has(from), has(to.node)];
  const answer = keys.includes(false) ? "no" : keys.includes(null) ? "unknown" : "yes";
  return { question, answer, object: `${from?.name ?? "unknown node"}, ${to.name}`, field, value: null };
}

/** Only the mask of the node that sends counts; an address of Kubernetes has none. */
function subnetDecision(
  from: PathNode | null,
  to: { name: string; node: PathNode | null },
  family: Family,
): Decision {
  const question = "Is the destination's node in the subnet of this node?";
  const field = `projectcalico.org/IPv${family}Address`;
  if (from === null || to.node === null)
    return {
      question,
      answer: "unknown",
      object: from === null ? "the pod's node" : to.name,
      field,
      value: "cannot be read",
    };
  const peer = addressOf(to.node, family);
  const subnet = readSubnet(from.bgpAddress[family]);
  const object = `${from.name}, ${to.name}`;
  if (subnet === null)
    return { question, answer: "no", object: from.name, field, value: "absent, so nothing is in its subnet" };
  if (peer === null) return { question, answer: "unknown", object: to.name, field, value: "absent" };
  return {
    question,
    answer: isIn(subnet, peer) ? "yes" : "no",
    object,
    field,
    value: `${peer} and ${formatCidr(subnet)}`,
  };
}

function readSubnet(text: string | null): Cidr | null {
  try {
    return text === null || !text.includes("/") ? null : parseCidr(text).cidr;
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}

function isIn(subnet: Cidr, text: string): boolean {
  try {
    return cidrContains(subnet, parseAddress(text));
  } catch (error) {
    if (error instanceof AddressError) return false;
    throw error;
  }
}

type Base = Pick<Route, "kind" | "via" | "arrival" | "lost">;

function tunnelled(
  input: PathInput,
  encapsulation: "vxlan" | "ipip",
  to: { name: string; node: PathNode | null },
  base: Base,
  decisions: Decision[],
): Route {
  const family = input.destination.ip.family;
  const outer = [input.source.node, to.node]
    .map((node) => (node === null ? null : addressOf(node, family)) ?? "unknown")
    .join(" to ");
  if (encapsulation === "ipip")
    return { ...base, encapsulation, note: `Wraps it in IPIP, outside ${outer}.`, decisions };
  const type = family === 4 ? "vxlanTunnelAddress" : "vxlanV6TunnelAddress";
  const missing = [input.source.node, to.node].find(
    (node) => node !== null && !node.tunnels.some((tunnel) => tunnel.type === type),
  );
  const field = `projectcalico.org/IPv${family}VXLANTunnelAddr`;
  const question = "Have both nodes a VXLAN tunnel address?";
  if (missing) {
    const decision: Decision = { question, answer: "no", object: missing.name, field, value: "absent" };
    return {
      ...base,
      encapsulation,
      lost: true,
      note: `${missing.name} has no VXLAN tunnel address, so there is no way through.`,
      decisions: [...decisions, decision],
    };
  }
  return { ...base, encapsulation, note: `Wraps it in VXLAN (UDP 4789), outside ${outer}.`, decisions };
}
