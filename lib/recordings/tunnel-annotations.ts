import type { Family } from "../ipam/address.ts";
import type { TunnelType } from "../ipam/attribute-kind.ts";
import type { TunnelAddresses } from "../ipam/tunnels.ts";

/** Annotations of a node by what they hold, without their `projectcalico.org/`. */
const TUNNEL_ANNOTATIONS: Readonly<Record<string, TunnelType>> = {
  IPv4IPIPTunnelAddr: "ipipTunnelAddress",
  IPv4VXLANTunnelAddr: "vxlanTunnelAddress",
  IPv6VXLANTunnelAddr: "vxlanV6TunnelAddress",
  IPv4WireguardInterfaceAddr: "wireguardTunnelAddress",
  IPv6WireguardInterfaceAddr: "wireguardV6TunnelAddress",
};

/** Tunnel addresses that a node's annotations hold. */
export function tunnelAddresses(annotations: Readonly<Record<string, string>>): TunnelAddresses {
  const entries = Object.entries(TUNNEL_ANNOTATIONS).flatMap(([key, type]) => {
    const address = annotations[key];
    return address ? [[type, address] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** Families of which the node has published a WireGuard key. */
export function publishedKeys(annotations: Readonly<Record<string, string>>): Family[] {
  return [
    ...(annotations["WireguardPublicKey"] ? [4 as const] : []),
    ...(annotations["WireguardPublicKeyV6"] ? [6 as const] : []),
  ];
}

/** The annotations that hold these addresses. */
export function tunnelAnnotations(addresses: TunnelAddresses): Record<string, string> {
  const entries = Object.entries(TUNNEL_ANNOTATIONS).flatMap(([key, type]) => {
    const address = addresses[type];
    return address === undefined ? [] : [[key, address] as const];
  });
  return Object.fromEntries(entries);
}

/** Everything that the annotations hold besides tunnel addresses. */
export function besidesTunnels(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => TUNNEL_ANNOTATIONS[key] === undefined),
  );
}
