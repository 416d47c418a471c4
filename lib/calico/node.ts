import { type TunnelType, tunnelTypes } from "../ipam/attribute-kind.ts";
import { isRecord, list, record, text, textMap } from "./reading.ts";

/** Node annotation of each tunnel address. Source: projectcalico/calico@87c1590 node/pkg/allocateip/allocateip.go */
const TUNNEL_ANNOTATIONS: Readonly<Record<TunnelType, string>> = {
  ipipTunnelAddress: "projectcalico.org/IPv4IPIPTunnelAddr",
  vxlanTunnelAddress: "projectcalico.org/IPv4VXLANTunnelAddr",
  vxlanV6TunnelAddress: "projectcalico.org/IPv6VXLANTunnelAddr",
  wireguardTunnelAddress: "projectcalico.org/IPv4WireguardInterfaceAddr",
  wireguardV6TunnelAddress: "projectcalico.org/IPv6WireguardInterfaceAddr",
};

/** A Kubernetes Node as Calico sees it: its own state lies in annotations. */
export interface CalicoNode {
  readonly name: string;
  /** Kubernetes' labels over Calico's own. */
  readonly labels: Readonly<Record<string, string>>;
  /** Addresses that Kubernetes reports, internal ones first; host names are left out. */
  readonly addresses: readonly string[];
  /** The address Calico routes by, with its subnet (`172.18.0.4/16`); null when calico-node wrote none. */
  readonly bgpAddress: { readonly 4: string | null; readonly 6: string | null };
  /** The node has a WireGuard key for that family. */
  readonly wireguard: { readonly 4: boolean; readonly 6: boolean };
  readonly tunnels: readonly { readonly type: TunnelType; readonly ip: string }[];
}

/** Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/k8s/resources/node.go */
export function readNode(raw: unknown): CalicoNode {
  const metadata = record(record(raw).metadata);
  const annotations = record(metadata.annotations);
  const reported = list(record(record(raw).status).addresses).map(record);
  const ofType = (type: string): string[] =>
    reported.filter((address) => address.type === type).flatMap((address) => text(address.address) ?? []);
  return {
    name: text(metadata.name) ?? "",
    labels: nodeLabels(metadata.labels, annotations["projectcalico.org/labels"]),
    addresses: [...ofType("InternalIP"), ...ofType("ExternalIP")],
    bgpAddress: {
      4: text(annotations["projectcalico.org/IPv4Address"]),
      6: text(annotations["projectcalico.org/IPv6Address"]),
    },
    wireguard: {
      4: text(annotations["projectcalico.org/WireguardPublicKey"]) !== null,
      6: text(annotations["projectcalico.org/WireguardPublicKeyV6"]) !== null,
    },
    tunnels: tunnelTypes.flatMap((type) => {
      const ip = text(annotations[TUNNEL_ANNOTATIONS[type]]);
      return ip === null ? [] : [{ type, ip }];
    }),
  };
}

/** `own` is the JSON of annotation `projectcalico.org/labels`; malformed, it counts as absent. */
function nodeLabels(kubernetes: unknown, own: unknown): Readonly<Record<string, string>> {
  const ignore = (): void => undefined;
  return { ...textMap(decode(own), "labels", ignore), ...textMap(kubernetes, "labels", ignore) };
}

function decode(json: unknown): unknown {
  if (typeof json !== "string") return {};
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
