import { type Cidr, formatCidr } from "./cidr.ts";

/**
 * Resource name of a block, and the order in which the API lists blocks: plain text order of these names,
 * so 10.64.0.128/26 comes before 10.64.0.64/26. One-way: always read `spec.cidr`.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/names/cidr.go CIDRToName
 */
export function cidrName(cidr: Cidr): string {
  return formatCidr(cidr).replace(/[.:/]/g, "-");
}

/** Sort function: byte order of resource names, as the API server lists them. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
