import type { Address } from "@/lib/contract/addresses.ts";
import type { Block, BlockDetail } from "@/lib/contract/blocks.ts";
import { AddressError, parseAddress } from "@/lib/ipam/address.ts";
import { cidrContains, formatCidr, parseCidr } from "@/lib/ipam/cidr.ts";
import { cidrName } from "@/lib/ipam/cidr-name.ts";
import type { Segment } from "../ui/utilisation-bar.tsx";

/** Addresses of a block by what they are; every address counts once, leak candidates apart from their kind. */
export interface BlockKinds {
  readonly pod: number;
  readonly tunnel: number;
  readonly other: number;
  readonly leak: number;
}

export function blockKinds(block: BlockDetail): BlockKinds {
  const used = block.addresses.filter((address) => address.state === "used");
  const count = (test: (address: Address) => boolean) => used.filter(test).length;
  const leak = count((address) => address.leakCandidate === true);
  const tunnel = count((address) => address.kind === "tunnel" && address.leakCandidate !== true);
  const pod = count((address) => address.kind === "pod" && address.leakCandidate !== true);
  return { pod, tunnel, leak, other: used.length - leak - tunnel - pod };
}

/** The parts of a block's bar. Without its addresses, tunnels and leaks are not told apart. */
export function blockSegments(block: Block, kinds: BlockKinds | null = null): readonly Segment[] {
  const tunnel = kinds?.tunnel ?? 0;
  const leak = kinds?.leak ?? 0;
  // Addresses that are in use and reserved belong to the former.
  const reserved = Math.min(block.reserved ?? 0, block.capacity - block.used);
  return [
    { kind: "used", label: "in use", value: block.used - block.cooling - tunnel - leak },
    { kind: "tunnel", label: "tunnels", value: tunnel },
    { kind: "leak", label: "leak candidates", value: leak },
    { kind: "cooling", label: "cooling", value: block.cooling },
    { kind: "reserved", label: "reserved", value: reserved },
  ];
}

/** The counts of a block in words, those that are zero left out but for pods and free ones. */
export function kindRows(
  block: Block,
  kinds: BlockKinds,
): readonly { readonly label: string; readonly count: number | string }[] {
  return [
    { label: "Pods", count: kinds.pod },
    { label: "Tunnel", count: kinds.tunnel },
    { label: "Other", count: kinds.other },
    { label: "Cooling", count: block.cooling },
    { label: "Reserved", count: block.reserved ?? "unknown" },
    { label: "Leak candidate", count: kinds.leak },
    { label: "Free", count: block.free ?? "unknown" },
  ].filter(({ label, count }) => count !== 0 || label === "Pods" || label === "Free");
}

const affinities: Readonly<Record<NonNullable<Block["affinity"]>, string>> = {
  confirmed: "confirmed",
  pending: "pending",
  pendingDeletion: "being given up",
  none: "none",
};

export function affinityWord(block: Block): string {
  return block.affinity === null ? "unknown" : affinities[block.affinity];
}

/** The range that a block's name stands for, as people write it; the name itself where it stands for none. */
export function blockText(name: string): string {
  const at = name.lastIndexOf("-");
  const address = name.slice(0, at);
  const separator = /^\d+(-\d+){3}$/.test(address) ? "." : ":";
  try {
    const { cidr } = parseCidr(`${address.replaceAll("-", separator)}/${name.slice(at + 1)}`);
    return cidrName(cidr) === name ? formatCidr(cidr) : name;
  } catch (error) {
    if (error instanceof AddressError) return name;
    throw error;
  }
}

/** Whether a text, as it stands in a link, is an address of the block. */
export function isInBlock(cidr: string, ip: string): boolean {
  try {
    return cidrContains(parseCidr(cidr).cidr, parseAddress(ip));
  } catch (error) {
    if (error instanceof AddressError) return false;
    throw error;
  }
}
