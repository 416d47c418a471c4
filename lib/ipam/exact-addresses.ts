import { type Address, AddressError, parseAddress } from "./address.ts";
import { exactPool } from "./assign-exact.ts";
import { exactIpError } from "./cni-add.ts";
import { decodeStringList } from "./go-json.ts";
import type { Pool } from "./pool.ts";

/**
 * The addresses that `cni.projectcalico.org/ipAddrs` asks for, at most one of a family; null: Calico refuses the text, whatever the
 * pools are.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/k8s/k8s.go
 */
export function exactAddresses(raw: string): readonly Address[] | null {
  const decoded = decodeStringList(raw);
  if (!decoded.ok || decoded.values.length === 0) return null;
  const found = decoded.values.map(addressOrNull);
  const addresses = found.filter((one) => one !== null);
  const families = new Set(addresses.map(({ family }) => family));
  return addresses.length === found.length && families.size === found.length ? addresses : null;
}

/** Calico's text for a pod that asks for these addresses; null: each lies in a pool that may give it to pods. */
export function exactAddressesError(addresses: readonly Address[], pools: readonly Pool[]): string | null {
  for (const address of addresses) {
    const found = exactPool(pools, address, "Workload");
    if (!found.ok) return exactIpError(found.error.trimEnd());
  }
  return null;
}

function addressOrNull(text: string): Address | null {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}
