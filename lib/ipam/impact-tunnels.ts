import { AddressError, type Family, parseAddress } from "./address.ts";
import type { TunnelType } from "./attribute-kind.ts";
import { cidrContains } from "./cidr.ts";
import { compareNames } from "./cidr-name.ts";
import type { ImpactChange, ImpactNode, ImpactStatement } from "./impact.ts";
import { readSelector } from "./impact-assignment.ts";
import type { Pool } from "./pool.ts";
import { matches, type Selector } from "./selector.ts";

const FAMILY: Readonly<Record<TunnelType, Family>> = {
  ipipTunnelAddress: 4,
  vxlanTunnelAddress: 4,
  wireguardTunnelAddress: 4,
  vxlanV6TunnelAddress: 6,
  wireguardV6TunnelAddress: 6,
};

const WORDS: Readonly<Record<TunnelType, string>> = {
  ipipTunnelAddress: "IPIP",
  vxlanTunnelAddress: "VXLAN",
  vxlanV6TunnelAddress: "VXLAN IPv6",
  wireguardTunnelAddress: "WireGuard",
  wireguardV6TunnelAddress: "WireGuard IPv6",
};

/**
 * Node tunnel addresses that the action moves, removes or brings. calico-node gives an address up as soon as its pool no longer
 * qualifies and takes the next free one of the pools that do; it never moves one back.
 * Source: projectcalico/calico@87c1590 node/pkg/allocateip/allocateip.go
 */
export function tunnelStatements(change: ImpactChange): ImpactStatement[] {
  const { nodes, action, pool } = change;
  if (!nodes.known) {
    const detail = "Which nodes have a tunnel address in this pool is unknown.";
    const statement: ImpactStatement = {
      kind: "moves",
      subject: { kind: "Node", name: "unknown" },
      count: null,
      detail,
      certainty: "unknown",
      reason: nodes.reason,
    };
    return action === "enable" || !pool.allowedUses.includes("Tunnel") ? [] : [statement];
  }
  const carriers = tunnelPools(change.after);
  const statements =
    action === "enable"
      ? nodes.value.flatMap((node) => gained(change, node))
      : nodes.value.flatMap((node) => lost(change, carriers, node));
  return [
    ...statements.filter(({ kind }) => kind === "moves"),
    ...statements.filter(({ kind }) => kind === "removed"),
  ];
}

interface Carrier {
  readonly pool: Pool;
  readonly selector: Selector;
}

/** In name order, as they are asked for. */
function tunnelPools(pools: readonly Pool[]): Carrier[] {
  return pools
    .filter((pool) => !pool.disabled && !pool.deleting && pool.allowedUses.includes("Tunnel"))
    .sort((a, b) => compareNames(a.name, b.name))
    .flatMap((pool) => {
      const selector = readSelector(pool.nodeSelector);
      return selector === null ? [] : [{ pool, selector }];
    });
}

function carries({ pool, selector }: Carrier, type: TunnelType, node: ImpactNode): boolean {
  const family = FAMILY[type];
  if (pool.cidr.family !== family || !matches(selector, node.labels)) return false;
  if (type === "ipipTunnelAddress") return pool.ipipMode !== "Never";
  if (type === "vxlanTunnelAddress" || type === "vxlanV6TunnelAddress") return pool.vxlanMode !== "Never";
  return node.wireguard[family];
}

function lost({ pool }: ImpactChange, carriers: readonly Carrier[], node: ImpactNode): ImpactStatement[] {
  return node.tunnels
    .filter(({ ip }) => isIn(pool, ip))
    .map(({ type, ip }) => {
      const next = carriers
        .filter((carrier) => carries(carrier, type, node))
        .map((carrier) => carrier.pool.name);
      const subject = { kind: "Node", name: node.name };
      const [first] = next;
      if (first === undefined) {
        const detail = `its ${WORDS[type]} tunnel address goes and no enabled pool gives another: other nodes lose the way to its pods`;
        return { kind: "removed", subject, from: ip, count: null, detail, certainty: "exact" };
      }
      const detail = `its ${WORDS[type]} tunnel address; until other nodes learn the new one, traffic to its pods can be lost`;
      const moved = {
        kind: "moves",
        subject,
        from: ip,
        to: `next free in ${first}`,
        count: null,
        detail,
      } as const;
      if (next.length === 1) return { ...moved, certainty: "exact" };
      return {
        ...moved,
        certainty: "unknown",
        reason: `${next.join(" or ")}: blocks that the node holds are used first`,
      };
    });
}

/** An enabled pool moves nothing back, but serves nodes that have no address of its kind of tunnel. */
function gained({ poolAfter }: ImpactChange, node: ImpactNode): ImpactStatement[] {
  const [carrier] = poolAfter === null ? [] : tunnelPools([poolAfter]);
  if (carrier === undefined) return [];
  const held = new Set(node.tunnels.map(({ type }) => type));
  const types: readonly TunnelType[] = [
    "ipipTunnelAddress",
    "vxlanTunnelAddress",
    "vxlanV6TunnelAddress",
    "wireguardTunnelAddress",
    "wireguardV6TunnelAddress",
  ];
  return types
    .filter((type) => !held.has(type) && carries(carrier, type, node))
    .map((type) => ({
      kind: "moves",
      subject: { kind: "Node", name: node.name },
      to: `next free in ${carrier.pool.name}`,
      count: null,
      detail: `gets a ${WORDS[type]} tunnel address from ${carrier.pool.name}`,
      certainty: "exact",
    }));
}

function isIn(pool: Pool, ip: string): boolean {
  try {
    return cidrContains(pool.cidr, parseAddress(ip));
  } catch (error) {
    if (error instanceof AddressError) return false;
    throw error;
  }
}
