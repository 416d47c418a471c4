import { type Address, AddressError, parseAddress } from "./address.ts";
import { type Cidr, formatCidr, parseCidr } from "./cidr.ts";

/** A pool as somebody wrote it: types are checked, nothing is filled in. */
export interface PoolDraft {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PoolDraftSpec;
}

/** Absent fields are absent. */
export interface PoolDraftSpec {
  readonly cidr?: string;
  readonly blockSize?: number;
  readonly ipipMode?: string;
  readonly vxlanMode?: string;
  readonly natOutgoing?: boolean;
  readonly disabled?: boolean;
  readonly disableBGPExport?: boolean;
  readonly nodeSelector?: string;
  readonly namespaceSelector?: string;
  readonly allowedUses?: readonly string[];
  readonly assignmentMode?: string;
}

/** What a refusal is about; the same rule may be checked by several layers with other words. */
export type PoolRule =
  | "cidr-required"
  | "cidr-format"
  | "cidr-masked"
  | "cidr-immutable"
  | "cidr-overlap"
  | "link-local"
  | "block-size-bounds"
  | "block-size-immutable"
  | "block-size-conflict"
  | "pool-too-small"
  | "both-encapsulations"
  | "ipip-on-ipv6"
  | "encapsulation-mode"
  | "load-balancer-encapsulation"
  | "load-balancer-uses"
  | "load-balancer-bgp"
  | "load-balancer-node-selector"
  | "leaving-load-balancer"
  | "allowed-uses"
  | "tunnel-namespace-selector"
  | "global-selector"
  | "selector"
  | "selector-length"
  | "assignment-mode"
  | "name"
  | "labels"
  | "annotations";

/** One thing to correct. */
export interface PoolProblem {
  /** Path into the document: `spec.cidr`. */
  readonly field: string;
  readonly message: string;
  readonly rule: PoolRule;
}

/** A CIDR as written, and what it stands for. */
export interface WrittenCidr {
  readonly cidr: Cidr;
  /** The address before the slash, host bits included. */
  readonly address: Address;
  /** The number after the slash: of an IPv4-mapped spelling up to 128. */
  readonly prefix: number;
  readonly masked: boolean;
}

/** Null when the text is no CIDR. */
export function readWrittenCidr(text: string): WrittenCidr | null {
  try {
    const { cidr, masked } = parseCidr(text);
    const slash = text.indexOf("/");
    return {
      cidr,
      address: parseAddress(text.slice(0, slash)),
      prefix: Number(text.slice(slash + 1)),
      masked,
    };
  } catch (error) {
    if (error instanceof AddressError) return null;
    throw error;
  }
}

/** A spec with the defaults that Calico's client writes out. */
export interface FilledSpec {
  readonly cidr: string;
  readonly blockSize: number;
  readonly ipipMode: string;
  readonly vxlanMode: string;
  readonly nodeSelector: string;
  readonly allowedUses: readonly string[];
  readonly assignmentMode: string;
  readonly natOutgoing?: true;
  readonly disabled?: true;
  readonly disableBGPExport?: true;
  readonly namespaceSelector?: string;
}

/**
 * What Calico's client stores for a draft: canonical CIDR, defaults written out, false and empty values left out. A CIDR that
 * cannot be read stays as it is.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/clientv3/ippool.go validateAndSetDefaults
 */
export function fillPoolSpec(spec: PoolDraftSpec): FilledSpec {
  const written = readWrittenCidr(spec.cidr ?? "");
  const family = written?.cidr.family ?? (spec.cidr?.includes(":") ? 6 : 4);
  return {
    cidr: written === null ? (spec.cidr ?? "") : formatCidr(written.cidr),
    blockSize: spec.blockSize || (family === 4 ? 26 : 122),
    ipipMode: spec.ipipMode || "Never",
    vxlanMode: spec.vxlanMode || "Never",
    nodeSelector: spec.nodeSelector || "all()",
    allowedUses: spec.allowedUses?.length ? spec.allowedUses : ["Workload", "Tunnel"],
    assignmentMode: spec.assignmentMode ?? "Automatic",
    ...(spec.natOutgoing ? { natOutgoing: true } : {}),
    ...(spec.disabled ? { disabled: true } : {}),
    ...(spec.disableBGPExport ? { disableBGPExport: true } : {}),
    ...(spec.namespaceSelector ? { namespaceSelector: spec.namespaceSelector } : {}),
  };
}
