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
