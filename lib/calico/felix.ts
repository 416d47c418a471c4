import type { FelixSettings } from "../ipam/path.ts";
import { type RawRecord, text } from "./reading.ts";

/**
 * What decides about a packet's source address, from the specs of FelixConfiguration `default` and `node.<name>`; a field
 * of the latter wins. Environment variables of calico-node, which win over both, cannot be read here.
 * Source: projectcalico/calico@87c1590 api/pkg/apis/projectcalico/v3/felixconfig.go
 */
export function readFelix(everywhere: RawRecord, onNode: RawRecord = {}): FelixSettings {
  const field = (name: string) => text(onNode[name]) ?? text(everywhere[name]);
  return {
    natOutgoingExclusions:
      field("natOutgoingExclusions") === "IPPoolsAndHostIPs" ? "IPPoolsAndHostIPs" : "IPPoolsOnly",
    natOutgoingAddress: field("natOutgoingAddress"),
    natInterfaceFilter: field("iptablesNATOutgoingInterfaceFilter"),
  };
}

/**
 * What of Felix decides about whole pools and their tunnels, from the spec of FelixConfiguration `default`. Routes of IPIP pools are
 * Felix's from v3.33 on unless it is told otherwise; `ipipRoutes` null: neither version nor setting is known.
 * Source: projectcalico/calico@87c1590 design/cluster-route-programming/DESIGN.md, api/pkg/apis/projectcalico/v3/felixconfig.go
 */
export function readFelixPools(spec: RawRecord, version: string | null) {
  const mtus = [spec.ipipMTU, spec.vxlanMTU, spec.vxlanMTUV6, spec.wireguardMTU, spec.wireguardMTUV6];
  return {
    ipipRoutes: ipipRoutes(text(spec.programClusterRoutes), version),
    hasMtu: mtus.some((mtu) => typeof mtu === "number" && mtu > 0),
    hostEncryption: spec.wireguardHostEncryptionEnabled === true,
  };
}

function ipipRoutes(setting: string | null, version: string | null): "Felix" | "BIRD" | null {
  if (setting !== null) return setting === "Enabled" || setting === "EnabledIPIPOnly" ? "Felix" : "BIRD";
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? "") ?? [];
  if (major === undefined || minor === undefined) return null;
  return Number(major) * 1000 + Number(minor) >= 3033 ? "Felix" : "BIRD";
}
