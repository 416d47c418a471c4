import { type Address, formatAddress } from "./address.ts";
import { cidrContains, formatCidr } from "./cidr.ts";
import type { Decision, PathInput } from "./path.ts";
import { addressOf, isKnown, isLoadBalancerOnly } from "./path-lookups.ts";
import type { Pool } from "./pool.ts";
import type { RouteKind } from "./path-route.ts";

export interface Nat {
  readonly answer: "yes" | "no" | "unknown";
  /** The new source; null: unknown. */
  readonly address: string | null;
  readonly note: string;
  readonly decisions: readonly Decision[];
}

/**
 * Whether the source node rewrites the source. Its pool must ask for it, the destination must be in no pool at all, and nodes
 * may be exempt.
 * Source: projectcalico/calico@87c1590 felix/rules/nat.go, felix/dataplane/linux/masq_mgr.go
 */
export function natDecision(input: PathInput, route: RouteKind): Nat {
  if (input.pools === null) {
    const decision = decide(
      "Is the source in a pool with outgoing NAT?",
      "unknown",
      "IPPools",
      null,
      "cannot be read",
    );
    return { answer: "unknown", address: nodeAddress(input), note: UNTOLD, decisions: [decision] };
  }
  const asked = sourceDecision(input, input.pools);
  const inPool = destinationDecision(input, input.pools);
  const exempt = nodeDecision(input, route);
  const decisions = [asked, inPool, exempt];
  const address = nodeAddress(input);
  if (route === "own-node") {
    const passes = decide("Does the packet leave the node?", "no", input.source.nodeName, null, null);
    return { answer: "no", address, note: "", decisions: [passes] };
  }
  if (asked.answer === "no" || inPool.answer === "yes" || exempt.answer === "yes") {
    return { answer: "no", address, note: "", decisions };
  }
  const filter = input.felix?.natInterfaceFilter ?? null;
  if (filter !== null)
    decisions.push(
      decide(
        "Does it leave by the interface that NAT is limited to?",
        "unknown",
        FELIX,
        "spec.iptablesNATOutgoingInterfaceFilter",
        filter,
      ),
    );
  if (route === "load-balancer")
    decisions.push(decide("To which backend does kube-proxy send it?", "unknown", null, null, null));
  if (decisions.some(({ answer }) => answer === "unknown")) {
    return {
      answer: "unknown",
      address,
      note: UNTOLD,
      decisions,
    };
  }
  if (route === "outside" && isPrivate(input.destination.ip)) {
    decisions.push(
      decide(
        "Is the destination the address of a Service?",
        "unknown",
        null,
        null,
        "taken as no; kube-proxy would rewrite it first",
      ),
    );
  }
  return { answer: "yes", address, note: "Rewrites the source to the node's address (SNAT).", decisions };
}

const UNTOLD = "Whether the source is rewritten cannot be known.";
const FELIX = "FelixConfiguration default";

function decide(
  question: string,
  answer: Decision["answer"],
  object: string | null,
  field: string | null,
  value: string | null,
): Decision {
  return { question, answer, object, field, value };
}

function sourceDecision({ source }: PathInput, pools: readonly Pool[]): Decision {
  const question = "Is the source in a pool with outgoing NAT?";
  const holding = pools.filter((pool) => cidrContains(pool.cidr, source.ip));
  const asking = holding.find((pool) => pool.natOutgoing);
  if (asking !== undefined) return decide(question, "yes", asking.name, "spec.natOutgoing", "true");
  const [first] = holding;
  if (first === undefined)
    return decide(question, "no", `${formatAddress(source.ip)} is in no pool`, null, null);
  return decide(question, "no", first.name, "spec.natOutgoing", "false");
}

function destinationDecision({ destination, calicoVersion }: PathInput, pools: readonly Pool[]): Decision {
  const question = "Is the destination in any pool?";
  const holding = pools.filter((pool) => cidrContains(pool.cidr, destination.ip));
  const counted = holding.find((pool) => !isLoadBalancerOnly(pool));
  if (counted !== undefined)
    return decide(question, "yes", counted.name, "spec.cidr", formatCidr(counted.cidr));
  const [balancer] = holding;
  if (balancer === undefined)
    return decide(
      question,
      "no",
      `${pools.length} ${pools.length === 1 ? "pool" : "pools"}, disabled ones too`,
      null,
      null,
    );
  const left = leavesOutLoadBalancers(calicoVersion);
  if (left === null)
    return decide(
      question,
      "unknown",
      balancer.name,
      "spec.allowedUses",
      "[LoadBalancer]; whether it counts depends on the version of Calico",
    );
  return decide(question, left ? "no" : "yes", balancer.name, "spec.allowedUses", "[LoadBalancer]");
}

/** From v3.31.6 and v3.32.1 on, pools for LoadBalancers alone do not keep packets from SNAT. Null: unknown. */
function leavesOutLoadBalancers(version: string | null): boolean | null {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version ?? "");
  if (parts === null) return null;
  const [major = 0, minor = 0, patch = 0] = parts.slice(1).map(Number);
  if (major !== 3) return major > 3;
  if (minor === 31) return patch >= 6;
  return minor === 32 ? patch >= 1 : minor > 32;
}

function nodeDecision({ destination, felix }: PathInput, route: RouteKind): Decision {
  const question = "Is the destination a node, with nodes exempt?";
  const field = "spec.natOutgoingExclusions";
  if (destination.isNode === "unknown" && felix?.natOutgoingExclusions !== "IPPoolsOnly")
    return decide(question, "unknown", "Nodes", null, "cannot be read");
  if (route !== "node" && route !== "own-node")
    return decide(
      question,
      "no",
      felix === null ? null : FELIX,
      felix === null ? null : field,
      felix?.natOutgoingExclusions ?? null,
    );
  if (felix === null) return decide(question, "unknown", FELIX, field, "cannot be read");
  const exempt = felix.natOutgoingExclusions === "IPPoolsAndHostIPs";
  return decide(
    question,
    exempt ? "yes" : "no",
    isKnown(destination.isNode) ? `${destination.isNode.name}; ${FELIX}` : FELIX,
    field,
    felix.natOutgoingExclusions,
  );
}

function nodeAddress({ source, destination, felix }: PathInput): string | null {
  if (destination.ip.family === 4 && felix?.natOutgoingAddress) return felix.natOutgoingAddress;
  return source.node === null ? null : addressOf(source.node, destination.ip.family);
}

/** RFC 1918, RFC 6598 and unique local addresses: where Services live. */
function isPrivate({ family, value }: Address): boolean {
  if (family === 6) return value >> 121n === 0x7en;
  return (
    value >> 24n === 10n || value >> 20n === 0xac1n || value >> 16n === 0xc0a8n || value >> 22n === 0x191n
  );
}
