import type { Attribute } from "./block.ts";
import { WINDOWS_HANDLE } from "./block-ops.ts";
import { parseGoTime } from "./go-time.ts";

export type AllocationKind = "pod" | "tunnel" | "loadBalancer" | "vm" | "windows" | "other";

/** The five tunnel address types, as stored in the `type` attribute. */
export const tunnelTypes = [
  "ipipTunnelAddress",
  "vxlanTunnelAddress",
  "vxlanV6TunnelAddress",
  "wireguardTunnelAddress",
  "wireguardV6TunnelAddress",
] as const;
export type TunnelType = (typeof tunnelTypes)[number];

/** What an address is used for, as its attribute entry tells. */
export interface Allocation {
  /** Null while it cools down: then nobody owns it. */
  readonly kind: AllocationKind | null;
  readonly owner: { readonly kind: string; readonly namespace: string | null; readonly name: string } | null;
  /** The node that uses it; null when the entry does not say (LoadBalancer, Windows, very old data). */
  readonly node: string | null;
  /** RFC 3339; since when it is used, or cools. Null when unknown (tunnels). */
  readonly since: string | null;
  readonly handle: string | null;
  readonly tunnel: TunnelType | null;
}

/**
 * `readTime` makes `since` of a `timestamp`; for whoever makes no text of it.
 * Source: calico-node, CNI plugin and LoadBalancer controller each write their own keys; ipam_attributes.go names them.
 */
export function describeAttribute(
  entry: Attribute,
  readTime: (text: string) => string | null = parseGoTime,
): Allocation {
  const { owner: keys, handle } = entry;
  const node = keys["node"] || null;
  if (entry.releasedAt !== null) {
    return { kind: null, owner: null, node: null, since: entry.releasedAt, handle: null, tunnel: null };
  }
  const since = keys["timestamp"] === undefined ? null : readTime(keys["timestamp"]);
  const tunnel = tunnelTypes.find((type) => type === keys["type"]) ?? null;
  const common = { node, since, handle, tunnel };
  if (handle?.length === WINDOWS_HANDLE.length && handle.toLowerCase() === WINDOWS_HANDLE)
    return { ...common, kind: "windows", owner: null };
  if (tunnel !== null) {
    return {
      ...common,
      kind: "tunnel",
      owner: node === null ? null : { kind: "node", namespace: null, name: node },
    };
  }
  const namespace = keys["namespace"] || null;
  const named = (kind: string, name: string) => ({ kind, namespace, name });
  if (keys["vmi-name"]) return { ...common, kind: "vm", owner: named("vm", keys["vmi-name"]) };
  if (keys["pod"]) return { ...common, kind: "pod", owner: named("pod", keys["pod"]) };
  if (keys["type"] === "LoadBalancer") {
    return {
      ...common,
      kind: "loadBalancer",
      owner: keys["service"] ? named("service", keys["service"]) : null,
    };
  }
  return { ...common, kind: "other", owner: null };
}

/** Handle and keys of a node's tunnel address. Source: projectcalico/calico@87c1590 node/pkg/allocateip/allocateip.go generateHandleAndAttributes */
export function tunnelHandle(type: TunnelType, node: string): string {
  const prefix = {
    ipipTunnelAddress: "ipip",
    vxlanTunnelAddress: "vxlan",
    vxlanV6TunnelAddress: "vxlan-v6",
    wireguardTunnelAddress: "wireguard",
    wireguardV6TunnelAddress: "wireguard-v6",
  }[type];
  return `${prefix}-tunnel-addr-${node}`;
}
