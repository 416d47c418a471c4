import { AddressError, parseAddress } from "./address.ts";
import { type Cidr, formatCidr, hostCidr, parseCidr } from "./cidr.ts";
import { metadataErrors } from "./metadata-rules.ts";
import { nameErrors } from "./pool-validator-rules.ts";

/** A reservation as somebody wrote it: types are checked, nothing is filled in. */
export interface ReservationDraft {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** CIDRs and single addresses. */
  readonly cidrs: readonly string[];
}

/** One thing to correct, or to know; `field` is a path into the document: `spec.reservedCIDRs[1]`. */
interface Remark {
  readonly field: string;
  readonly message: string;
}

/** What a draft comes to: every entry that can be read, as a network, and what is to be said about the others. */
export interface JudgedReservation {
  readonly cidrs: readonly Cidr[];
  readonly errors: readonly Remark[];
  /** Allowed, but perhaps not what was meant. */
  readonly warnings: readonly string[];
}

/**
 * Everything that Calico or its CRDs would refuse about a reservation. A bare address is taken for its /32 or /128, which the
 * newer CRD asks for; host bits are cleared, as Calico's allocator clears them. The CRD keeps the entries as a set.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/reserved.go, api/pkg/apis/projectcalico/v3/ipreservation.go
 */
export function judgeReservation(draft: ReservationDraft): JudgedReservation {
  const errors: Remark[] = [
    ...nameErrors(draft.name).map(({ reason }) => ({ field: "metadata.name", message: reason })),
    ...metadataErrors(draft).map(({ field, message }) => ({ field, message })),
  ];
  const warnings: string[] = [];
  const cidrs: Cidr[] = [];
  const seen = new Set<string>();
  draft.cidrs.forEach((entry, index) => {
    const field = `spec.reservedCIDRs[${index}]`;
    const read = readReserved(entry);
    if ("problem" in read) return void errors.push({ field, message: read.problem });
    const text = formatCidr(read.cidr);
    if (seen.has(text)) return void errors.push({ field, message: `${text} is named twice` });
    seen.add(text);
    cidrs.push(read.cidr);
    if (!read.masked) warnings.push(`${entry} has host bits set: it reserves ${text}`);
  });
  if (draft.cidrs.length === 0) warnings.push("It names no address, so it reserves none");
  return { cidrs, errors, warnings };
}

/** One entry: a network or an address. `masked` false: bits right of the prefix were set. */
function readReserved(entry: string): { cidr: Cidr; masked: boolean } | { problem: string } {
  try {
    return entry.includes("/") ? parseCidr(entry) : { cidr: hostCidr(parseAddress(entry)), masked: true };
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    return {
      problem: entry.includes("/") ? error.message : "is neither an address nor a CIDR such as 10.64.0.0/29",
    };
  }
}
