import type { Address, Family } from "../../ipam/address.ts";
import { AddressError, parseAddress } from "../../ipam/address.ts";
import type { Cidr } from "../../ipam/cidr.ts";
import { decodeStringList } from "../../ipam/go-json.ts";
import type { Pool } from "../../ipam/pool.ts";
import { requestedFamilies } from "../../ipam/requested-families.ts";
import { resolvePools } from "../../ipam/resolve-pools.ts";

type Annotations = Readonly<Record<string, string>>;

export type NetworkRequest =
  | {
      readonly ok: true;
      readonly pools4: readonly Cidr[];
      readonly pools6: readonly Cidr[];
      readonly families: readonly Family[];
      /** Addresses that the pod asks for by `ipAddrs`, at most one of a family; null: it leaves the choice to IPAM. */
      readonly exactIps: readonly Address[] | null;
    }
  | { readonly ok: false; readonly error: string };

const prefix = "cni.projectcalico.org/";

class Refusal extends Error {}

/**
 * What the annotations of a pod and its namespace ask of the network plugin, or the plugin's own words for what is wrong
 * with them. A pod's value wins over its namespace's; empty text counts as absent.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/k8s/k8s.go CmdAddK8s
 */
export function networkRequest(
  pod: Annotations,
  namespace: Annotations,
  pools: readonly Pool[],
): NetworkRequest {
  const value = (key: string) => pod[prefix + key] || namespace[prefix + key] || null;
  try {
    const pools4 = requestedPools(value("ipv4pools"), 4, pools);
    const pools6 = requestedPools(value("ipv6pools"), 6, pools);
    // Without the annotation the plugin's configuration decides: IPv4 alone, as in Calico's own manifest.
    const asked = requestedFamilies(value("ipFamilies"), [4]);
    if (!asked.ok) throw new Refusal(asked.error);
    return { ok: true, pools4, pools6, families: asked.families, exactIps: exactAddresses(pod) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.message };
    throw error;
  }
}

function requestedPools(raw: string | null, family: Family, pools: readonly Pool[]): readonly Cidr[] {
  if (raw === null) return [];
  const resolved = resolvePools(stringArray(raw), family, pools);
  if (!resolved.ok) throw new Refusal(resolved.error);
  return resolved.cidrs;
}

function exactAddresses(pod: Annotations): readonly Address[] | null {
  const [exact, bypass] = [pod[`${prefix}ipAddrs`], pod[`${prefix}ipAddrsNoIpam`]];
  if (exact && bypass) {
    throw new Refusal("can't have both annotations: 'ipAddrs' and 'ipAddrsNoIpam' in use at the same time");
  }
  // The plugin's configuration, as Calico ships it, has both features off.
  if (bypass) throw new Refusal("requested feature is not enabled: ip_addrs_no_ipam");
  if (pod[`${prefix}floatingIPs`]) throw new Refusal("requested feature is not enabled: floating_ips");
  return exact ? parseExact(exact) : null;
}

function parseExact(raw: string): readonly Address[] {
  const key = `"${prefix}ipAddrs"`;
  let texts: readonly string[];
  try {
    texts = stringArray(raw);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(
      `failed to parse IPs ${raw} for annotation ${key}: failed to parse '${raw}' as JSON: ${error.message}`,
    );
  }
  if (texts.length === 0) throw new Refusal(`annotation ${key} specified but empty`);
  const addresses = texts.map((text) => {
    try {
      return parseAddress(text);
    } catch (error) {
      if (error instanceof AddressError) throw new Refusal(`invalid IP format: ${text}`);
      throw error;
    }
  });
  for (const family of [4, 6] as const) {
    if (addresses.filter((address) => address.family === family).length > 1) {
      throw new Refusal(`cannot have more than one IPv${family} address for ${key} annotation`);
    }
  }
  return addresses.toSorted((a, b) => a.family - b.family);
}

function stringArray(raw: string): readonly string[] {
  const list = decodeStringList(raw);
  if (!list.ok) throw new Refusal(list.error);
  return list.values;
}
