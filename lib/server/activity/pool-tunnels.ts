import type { WatchFinding } from "../../contract/activity.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { NodeRow } from "../../inventory/node-row.ts";
import { type Address, parseAddress } from "../../ipam/address.ts";
import type { TunnelType } from "../../ipam/attribute-kind.ts";
import { type Cidr, cidrContains } from "../../ipam/cidr.ts";

export interface Tunnel {
  readonly type: TunnelType;
  readonly ip: string;
}

const words: Readonly<Record<TunnelType, string>> = {
  ipipTunnelAddress: "IPIP",
  vxlanTunnelAddress: "VXLAN",
  vxlanV6TunnelAddress: "VXLAN IPv6",
  wireguardTunnelAddress: "WireGuard",
  wireguardV6TunnelAddress: "WireGuard IPv6",
};

/** Nodes with a tunnel address in the range, each with those addresses. */
export function tunnelsIn({ nodes }: Inventory, cidr: Cidr): Map<string, readonly Tunnel[]> {
  const found = new Map<string, readonly Tunnel[]>();
  for (const { name, tunnels } of nodes.table) {
    const inside = tunnels.filter(({ ip }) => {
      const address = addressOf(ip);
      return address !== null && cidrContains(cidr, address);
    });
    if (inside.length > 0) found.set(name, inside);
  }
  return found;
}

/** What became of the node's tunnel address; null: it is what it was. */
export function tunnelFinding(
  { space }: Inventory,
  node: NodeRow,
  { type, ip }: Tunnel,
): Omit<WatchFinding, "at"> | null {
  const now = node.tunnels.find((tunnel) => tunnel.type === type)?.ip ?? null;
  if (now === ip) return null;
  const subject = { kind: "Node", name: node.name };
  if (now === null) {
    return { kind: "tunnelLost", subject, detail: `the ${words[type]} tunnel address ${ip} is gone` };
  }
  const address = addressOf(now);
  const pool = address === null ? null : (space.poolsWith(address)[0]?.name ?? null);
  const where = pool === null ? "" : ` in ${pool}`;
  return {
    kind: "tunnelMoved",
    subject,
    detail: `the ${words[type]} tunnel address ${ip} is now ${now}${where}`,
  };
}

function addressOf(ip: string): Address | null {
  try {
    return parseAddress(ip);
  } catch {
    return null;
  }
}
