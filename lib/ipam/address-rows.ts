import { type Family, formatAddress } from "./address.ts";
import { type Allocation, type AllocationKind, describeAttribute } from "./attribute-kind.ts";
import type { Block } from "./block.ts";
import { reservedOrdinals } from "./block-ops.ts";
import { addressAt, type Cidr } from "./cidr.ts";
import {
  type AddressRange,
  cidrSet,
  type CidrSet,
  clipRanges,
  rangesOf,
  rangesOutside,
  rangesWithin,
} from "./cidr-set.ts";
import { compareNames } from "./cidr-name.ts";
import type { Reservation } from "./snapshot.ts";

/** One address, or a run of free or unclaimed ones. */
export interface AddressRow {
  readonly ip: string;
  /** Last address of a run; null for a single address. Runs are free or unclaimed. */
  readonly lastIp: string | null;
  /** `reserved`: free, but the allocator passes it over. `unclaimed`: in no block; `reservedBy` tells whether it is reserved. */
  readonly state: "used" | "cooling" | "reserved" | "free" | "unclaimed";
  readonly kind: AllocationKind | null;
  readonly owner: Allocation["owner"];
  /** The node that uses it. */
  readonly node: string | null;
  /** RFC 3339; since when it is used, or cools. */
  readonly since: string | null;
  readonly handle: string | null;
  /** Used by another node than the block's owner; in a block without an owner, whatever names a node. */
  readonly borrowed: boolean;
  /** Names of the reservations that cover it, sorted; it may be in use all the same. */
  readonly reservedBy: readonly string[];
}

const NOBODY = { kind: null, owner: null, node: null, since: null, handle: null, borrowed: false };

/**
 * A block's addresses in order: a row for each that is used, cooling or reserved, and one for each run of free ones.
 * An address that is neither queued nor allocated (odd data) is used, of kind `other`.
 */
export function blockRows(block: Block, reservations: readonly Reservation[]): AddressRow[] {
  const entries = block.attributes.map((entry) => describeAttribute(entry));
  const queued = new Set(block.queue);
  const reservedBy = reservationNames(block.cidr, reservations);
  const rows: AddressRow[] = [];
  let freeFrom: number | null = null;
  const closeRun = (end: number): void => {
    if (freeFrom !== null) {
      const range = { first: block.cidr.base + BigInt(freeFrom), last: block.cidr.base + BigInt(end) };
      rows.push({ ...runText(block.cidr.family, range), ...NOBODY, state: "free", reservedBy: [] });
    }
    freeFrom = null;
  };
  block.allocations.forEach((index, ordinal) => {
    const names = reservedBy(ordinal);
    const free = index === null && queued.has(ordinal);
    if (free && names.length === 0) {
      freeFrom ??= ordinal;
      return;
    }
    closeRun(ordinal - 1);
    const ip = { ip: formatAddress(addressAt(block.cidr, ordinal)), lastIp: null, reservedBy: names };
    if (free) rows.push({ ...ip, ...NOBODY, state: "reserved" });
    else rows.push({ ...ip, ...usedRow(index === null ? undefined : entries[index], block) });
  });
  closeRun(block.allocations.length - 1);
  return rows;
}

function usedRow(
  entry: Allocation | undefined,
  block: Block,
): Omit<AddressRow, "ip" | "lastIp" | "reservedBy"> {
  if (entry === undefined) return { ...NOBODY, state: "used", kind: "other" };
  const { kind, owner, node, since, handle } = entry;
  const borrowed = node !== null && node !== (block.affinity?.name ?? null);
  return { state: kind === null ? "cooling" : "used", kind, owner, node, since, handle, borrowed };
}

/** Which reservations cover an ordinal of a block; no work where none touches the block. */
function reservationNames(cidr: Cidr, reservations: readonly Reservation[]): (ordinal: number) => string[] {
  const touching = reservations.flatMap(({ name, cidrs }) => {
    const covers = reservedOrdinals(cidr, cidrSet(cidrs));
    return covers === null ? [] : [{ name, covers }];
  });
  touching.sort((a, b) => compareNames(a.name, b.name));
  return (ordinal) => touching.filter(({ covers }) => covers(ordinal)).map(({ name }) => name);
}

/**
 * The runs of a pool's addresses that are in none of its blocks, split where a reservation begins or ends. Never
 * enumerates: an empty IPv6 pool is one row.
 */
export function unclaimedRows(
  pool: Cidr,
  blocks: Iterable<Cidr>,
  reservations: readonly Reservation[],
): AddressRow[] {
  const named = reservations
    .map(({ name, cidrs }) => ({ name, set: cidrSet(cidrs) }))
    .filter(({ set }) => rangesWithin(set, pool).length > 0)
    .sort((a, b) => compareNames(a.name, b.name));
  return rangesOutside(cidrSet(blocks), pool).flatMap((gap) =>
    splitByReservation(pool.family, gap, named).map(({ reservedBy, ...range }): AddressRow => ({
      ...runText(pool.family, range),
      ...NOBODY,
      state: "unclaimed",
      reservedBy,
    })),
  );
}

function splitByReservation(
  family: Family,
  gap: AddressRange,
  named: readonly { readonly name: string; readonly set: CidrSet }[],
): (AddressRange & { reservedBy: string[] })[] {
  const touching = named
    .map(({ name, set }) => ({ name, ranges: clipRanges(rangesOf(set, family), gap) }))
    .filter(({ ranges }) => ranges.length > 0);
  const borders = new Set([gap.first]);
  for (const { first, last } of touching.flatMap(({ ranges }) => ranges)) {
    borders.add(first);
    if (last < gap.last) borders.add(last + 1n);
  }
  const starts = [...borders].sort((a, b) => (a < b ? -1 : 1));
  return starts.map((first, at) => ({
    first,
    last: (starts[at + 1] ?? gap.last + 1n) - 1n,
    reservedBy: touching
      .filter(({ ranges }) => clipRanges(ranges, { first, last: first }).length > 0)
      .map(({ name }) => name),
  }));
}

function runText(family: Family, { first, last }: AddressRange): { ip: string; lastIp: string | null } {
  const text = (value: bigint) => formatAddress({ family, value });
  return { ip: text(first), lastIp: first === last ? null : text(last) };
}
