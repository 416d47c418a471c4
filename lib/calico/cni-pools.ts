import { text } from "./reading.ts";

/** Pools by name or CIDR, in the order in which they are tried; empty when the configuration names none. */
export interface CniPools {
  readonly 4: readonly string[];
  readonly 6: readonly string[];
  /** Every pod is to get an IPv4 address: so it is unless the configuration says no. */
  readonly assignIpv4: boolean;
  /** Every pod is to get an IPv6 address too. */
  readonly assignIpv6: boolean;
}

/**
 * `ipam.ipv4_pools`, `ipv6_pools`, `assign_ipv4` and `assign_ipv6` of a CNI configuration: what pods get that neither they nor their
 * namespace ask for pools. A template with placeholders is not JSON, so the keys are looked for as text.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/types/types.go
 */
export function cniPools(config: unknown): CniPools {
  const named = (key: string): string[] => {
    const found = new RegExp(`"${key}"\\s*:\\s*(\\[[^\\]]*\\])`).exec(text(config) ?? "")?.[1];
    try {
      const value: unknown = JSON.parse(found ?? "[]");
      return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
    } catch {
      return [];
    }
  };
  const assignIpv4 = !/"assign_ipv4"\s*:\s*"false"/.test(text(config) ?? "");
  const assignIpv6 = /"assign_ipv6"\s*:\s*"true"/.test(text(config) ?? "");
  return { 4: named("ipv4_pools"), 6: named("ipv6_pools"), assignIpv4, assignIpv6 };
}
