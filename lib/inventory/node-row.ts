import { list, type RawRecord, record, text } from "../calico/reading.ts";
import { labelsOf } from "./namespace-row.ts";
import { identity } from "./raw.ts";
import type { Row } from "./table.ts";

/** What we keep of a node. */
export interface NodeRow extends Row {
  readonly ready: boolean;
  /** Kubernetes' labels over Calico's own. Source: projectcalico/calico@87c1590 …/k8s/resources/node.go */
  readonly labels: Readonly<Record<string, string>>;
  /** Internal addresses, then external ones, as the kubelet reports them. */
  readonly addresses: readonly string[];
  /** The address Calico routes by, with its subnet (`172.18.0.4/16`); null when calico-node wrote none. */
  readonly bgpAddress4: string | null;
  readonly bgpAddress6: string | null;
  readonly wireguard4: boolean;
  readonly wireguard6: boolean;
  readonly tunnels: readonly NodeTunnel[];
}

export interface NodeTunnel {
  /** As the allocator names it: `vxlanTunnelAddress`, `ipipTunnelAddress`, … */
  readonly type: string;
  readonly ip: string;
}

/** Annotation → the type under which its address is allocated. Source: projectcalico/calico@87c1590 node/pkg/allocateip/allocateip.go */
const tunnelAnnotations: readonly (readonly [string, string])[] = [
  ["projectcalico.org/IPv4IPIPTunnelAddr", "ipipTunnelAddress"],
  ["projectcalico.org/IPv4VXLANTunnelAddr", "vxlanTunnelAddress"],
  ["projectcalico.org/IPv6VXLANTunnelAddr", "vxlanV6TunnelAddress"],
  ["projectcalico.org/IPv4WireguardInterfaceAddr", "wireguardTunnelAddress"],
  ["projectcalico.org/IPv6WireguardInterfaceAddr", "wireguardV6TunnelAddress"],
];

export function nodeRow(raw: RawRecord): NodeRow | null {
  const known = identity(raw);
  if (!known) return null;
  const metadata = record(raw.metadata);
  const annotations = record(metadata.annotations);
  const status = record(raw.status);
  return {
    ...known,
    namespace: "",
    ready: list(status.conditions).some(
      (one) => record(one).type === "Ready" && record(one).status === "True",
    ),
    labels: { ...calicoLabels(annotations), ...labelsOf(metadata.labels) },
    addresses: [...addressesOf(status, "InternalIP"), ...addressesOf(status, "ExternalIP")],
    bgpAddress4: text(annotations["projectcalico.org/IPv4Address"]),
    bgpAddress6: text(annotations["projectcalico.org/IPv6Address"]),
    wireguard4: text(annotations["projectcalico.org/WireguardPublicKey"]) !== null,
    wireguard6: text(annotations["projectcalico.org/WireguardPublicKeyV6"]) !== null,
    tunnels: tunnelAnnotations.flatMap(([annotation, type]) => {
      const ip = text(annotations[annotation]);
      return ip === null ? [] : [{ type, ip }];
    }),
    gone: false,
  };
}

/** Nothing that we show or reckon with differs: a heartbeat. */
export function sameNode(one: NodeRow, other: NodeRow): boolean {
  return one.uid === other.uid && one.ready === other.ready && facts(one) === facts(other);
}

export function sameLabels(one: NodeRow, other: NodeRow): boolean {
  return JSON.stringify(one.labels) === JSON.stringify(other.labels);
}

function facts(node: NodeRow): string {
  const { labels, addresses, bgpAddress4, bgpAddress6, wireguard4, wireguard6, tunnels } = node;
  return JSON.stringify([labels, addresses, bgpAddress4, bgpAddress6, wireguard4, wireguard6, tunnels]);
}

function addressesOf(status: RawRecord, type: string): readonly string[] {
  return list(status.addresses).flatMap((one) => {
    const address = record(one).type === type ? text(record(one).address) : null;
    return address === null ? [] : [address];
  });
}

function calicoLabels(annotations: RawRecord): Readonly<Record<string, string>> {
  const raw = text(annotations["projectcalico.org/labels"]);
  if (raw === null) return {};
  try {
    return labelsOf(JSON.parse(raw));
  } catch {
    return {};
  }
}
