import type { AddressQuery } from "@/lib/contract/addresses.ts";
import type { List } from "@/lib/contract/common.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import type { Column } from "../ui/column.ts";
import { formatPercent } from "../ui/count.ts";

const capacityKinds = [
  "pod",
  "vm",
  "loadBalancer",
  "tunnel",
  "windows",
  "other",
  "cooling",
  "reserved",
  "free",
  "unclaimed",
] as const;
type CapacityKind = (typeof capacityKinds)[number];

/** One part of a pool's capacity. Every address of the pool is in exactly one. */
export interface CapacityPart {
  readonly kind: CapacityKind;
  readonly label: string;
  /** Addresses; null: unknown. */
  readonly count: bigint | null;
  /** The Addresses page with these and no others. */
  readonly href: string;
}

const labels: Readonly<Record<CapacityKind, string>> = {
  pod: "Pods",
  vm: "VMs",
  loadBalancer: "LoadBalancers",
  tunnel: "Tunnels",
  windows: "Windows",
  other: "Other",
  cooling: "Cooling",
  reserved: "Reserved, not in use",
  free: "Free in claimed blocks",
  unclaimed: "Unclaimed",
};

/** Kinds that few pools have: left out where there is none. */
const rare: readonly CapacityKind[] = ["vm", "loadBalancer", "windows", "other"];

/**
 * The parts of a pool in the order in which they are stacked. In use and reserved overlap: what is both counts as in use, so the
 * counts add up to the capacity to the address.
 */
export function capacityParts({ name, usage }: Pick<Pool, "name" | "usage">): readonly CapacityPart[] {
  const { byKind, cooling, reservedUnused, free, freeInBlocks } = usage;
  const counts: Readonly<Record<CapacityKind, bigint | null>> = {
    pod: countOf(byKind.pod),
    vm: countOf(byKind.vm),
    loadBalancer: countOf(byKind.loadBalancer),
    tunnel: countOf(byKind.tunnel),
    windows: countOf(byKind.windows),
    other: countOf(byKind.other),
    cooling: countOf(cooling),
    reserved: countOf(reservedUnused),
    free: countOf(freeInBlocks),
    unclaimed: free === null || freeInBlocks === null ? null : BigInt(free) - BigInt(freeInBlocks),
  };
  return capacityKinds
    .filter((kind) => counts[kind] !== 0n || !rare.includes(kind))
    .map((kind) => ({ kind, label: labels[kind], count: counts[kind], href: hrefOf(name, kind) }));
}

/** A part as it is saved. */
export interface CapacityLine {
  readonly what: string;
  /** In decimal digits. */
  readonly addresses: string;
  /** Of the pool, as the page writes it: “<1 %”. */
  readonly share: string;
}

export const capacityColumns: readonly Column<CapacityLine>[] = [
  { id: "what", header: "What", value: (line) => line.what },
  { id: "addresses", header: "Addresses", value: (line) => BigInt(line.addresses) },
  { id: "share", header: "Share", value: (line) => line.share },
];

/** The parts as a list. No items as soon as one cannot be counted. */
export function capacityLines(pool: Pick<Pool, "name" | "usage" | "unknown">): List<CapacityLine> {
  const { capacity } = pool.usage;
  const items: CapacityLine[] = [];
  for (const { label, count } of capacityParts(pool)) {
    if (count === null || capacity === null) return { items: null, total: null, unknown: pool.unknown };
    items.push({ what: label, addresses: String(count), share: formatPercent(count, capacity) });
  }
  return { items, total: items.length };
}

function hrefOf(pool: string, kind: CapacityKind): string {
  const filter: Pick<AddressQuery, "kind" | "state"> =
    kind === "cooling" || kind === "reserved" || kind === "free" || kind === "unclaimed"
      ? { state: kind }
      : { kind };
  return `/addresses?${new URLSearchParams({ pool, ...filter }).toString()}`;
}

function countOf(digits: string | null): bigint | null {
  return digits === null ? null : BigInt(digits);
}
