import { AddressError, parseAddress } from "../ipam/address.ts";
import { type Cidr, hostCidr } from "../ipam/cidr.ts";
import type { Reservation } from "../ipam/snapshot.ts";
import { viewMetadata } from "./metadata.ts";
import { list, type Parsed, readCidr, record, show } from "./reading.ts";

/**
 * One IPReservation. Bare addresses count as /32 or /128; entries that are neither are skipped, as Calico does, and told.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/reserved.go
 */
export function parseReservation(raw: unknown): Parsed<Reservation> {
  const metadata = viewMetadata(raw);
  const oddities = [...metadata.oddities];
  const tell = (oddity: string): void => void oddities.push(oddity);
  if (metadata.name === "") return { value: null, oddities: [...oddities, "the object has no name"] };
  const entries = record(record(raw).spec).reservedCIDRs;
  if (entries !== undefined && entries !== null && !Array.isArray(entries))
    tell(`reservedCIDRs is ${show(entries)}, not a list`);
  const cidrs = list(entries).flatMap((entry): Cidr[] => {
    const cidr = readBareAddress(entry) ?? readCidr(entry, "reserved", tell);
    return cidr === null ? [] : [cidr];
  });
  return { value: { name: metadata.name, cidrs }, oddities };
}

function readBareAddress(entry: unknown): Cidr | null {
  if (typeof entry !== "string" || entry.includes("/")) return null;
  try {
    return hostCidr(parseAddress(entry));
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}
