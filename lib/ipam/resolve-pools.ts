import { AddressError, type Family, formatAddress } from "./address.ts";
import { type Cidr, firstAddress, parseCidr } from "./cidr.ts";
import type { Pool } from "./pool.ts";

export type ResolvedPools =
  { readonly ok: true; readonly cidrs: readonly Cidr[] } | { readonly ok: false; readonly error: string };

/**
 * Pool names and CIDRs, as annotations and CNI configuration list them, to pool CIDRs in the same order. A CIDR is taken
 * as it is, masked; whether it is a pool is decided when addresses are assigned. Disabled pools resolve too.
 * Source: projectcalico/calico@87c1590 cni-plugin/internal/pkg/utils/utils.go ResolvePools
 */
export function resolvePools(
  names: readonly string[],
  family: Family,
  pools: readonly Pool[],
): ResolvedPools {
  const cidrs: Cidr[] = [];
  for (const name of names) {
    const cidr = readCidr(name) ?? pools.find((pool) => pool.name === name)?.cidr;
    if (cidr === undefined)
      return { ok: false, error: `error parsing pool "${name}": invalid CIDR address: ${name}` };
    if (cidr.family !== family) {
      return { ok: false, error: `"${formatAddress(firstAddress(cidr))}" isn't a IPv${family} address` };
    }
    cidrs.push(cidr);
  }
  return { ok: true, cidrs };
}

function readCidr(text: string): Cidr | null {
  try {
    return parseCidr(text).cidr;
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}
