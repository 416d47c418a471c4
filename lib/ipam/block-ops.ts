import { type Address, familyBits, formatAddress } from "./address.ts";
import type { Attribute, Block, Owner } from "./block.ts";
import { addressAt, type Cidr, cidrContains, formatCidr } from "./cidr.ts";
import { type CidrSet, cidrSetCovers, rangesWithin } from "./cidr-set.ts";
import { formatSeconds, type Nanoseconds } from "./go-time.ts";

/** Handle of the four addresses of a block that a Windows node keeps for itself. */
export const WINDOWS_HANDLE = "windows-reserved-ipam-handle";

/** Number of addresses of a block: at most 4,096. */
function sizeOf(cidr: Cidr): number {
  return 2 ** (familyBits(cidr.family) - cidr.prefix);
}

/** Position of an address in its block, or null when it lies outside. */
export function ordinalOf(cidr: Cidr, address: Address): number | null {
  return cidrContains(cidr, address) ? Number(address.value - cidr.base) : null;
}

/**
 * A block just claimed. `windows`: made by a Windows node, which keeps the first three addresses and the last.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block.go newBlock
 */
export function newBlock(cidr: Cidr, owner: Owner, now: Nanoseconds, windows = false): Block {
  const size = sizeOf(cidr);
  const allocations = Array<number | null>(size).fill(null);
  const queue = Array.from(allocations, (_, ordinal) => ordinal);
  if (windows) for (const ordinal of [0, 1, 2, size - 1]) allocations[ordinal] = 0;
  return {
    cidr,
    affinity: owner,
    claimedAt: formatSeconds(now),
    allocations,
    queue: windows ? queue.slice(3, -1) : queue,
    attributes: windows ? [attribute(WINDOWS_HANDLE, { note: "windows host rsvd" })] : [],
    sequenceNumber: now,
    sequenceForAllocation: new Map(),
    deleted: false,
    revision: null,
  };
}

/** An attribute entry of a living allocation. */
export function attribute(handle: string | null, owner: Readonly<Record<string, string>>): Attribute {
  return { handle, owner, alternateOwner: null, releasedAt: null };
}

/**
 * No address is in use, Windows' own left aside; cooling ones count as in use.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block.go empty
 */
export function isEmpty(block: Block): boolean {
  return block.allocations.every(
    (index) => index === null || block.attributes[index]?.handle?.toLowerCase() === WINDOWS_HANDLE,
  );
}

/** Which ordinals of a block are reserved; null when none is, which is the common and fast case. */
export function reservedOrdinals(cidr: Cidr, reservations: CidrSet): ((ordinal: number) => boolean) | null {
  const ranges = rangesWithin(reservations, cidr).map(({ first, last }) => ({
    first: Number(first - cidr.base),
    last: Number(last - cidr.base),
  }));
  if (ranges.length === 0) return null;
  return (ordinal) => ranges.some((range) => range.first <= ordinal && ordinal <= range.last);
}

/**
 * Addresses the allocator could hand out: queued and not reserved.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block.go NumFreeAddresses
 */
export function freeAddresses(block: Block, reservations: CidrSet): number {
  if (cidrSetCovers(reservations, block.cidr)) return 0;
  const reserved = reservedOrdinals(block.cidr, reservations);
  return reserved === null ? block.queue.length : block.queue.filter((ordinal) => !reserved(ordinal)).length;
}

export function sameOwner(a: Owner | null, b: Owner | null): boolean {
  return a !== null && b !== null && a.type === b.type && a.name === b.name;
}

export type Taken =
  | { readonly ok: true; readonly block: Block; readonly ips: readonly Address[] }
  | { readonly ok: false; readonly error: string };

export interface TakeRequest {
  readonly attribute: Attribute;
  readonly owner: Owner;
  /** Strict affinity: refuse a block that is not this owner's. */
  readonly mustBeOwner: boolean;
}

/**
 * Takes up to `count` addresses from the head of the queue, leaving reserved ones where they are. The sequence number
 * is not raised here: the writer of the block does that.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block.go autoAssign
 */
export function takeFromBlock(
  block: Block,
  count: number,
  request: TakeRequest,
  reservations: CidrSet,
): Taken {
  const { owner } = request;
  if (request.mustBeOwner && !sameOwner(block.affinity, owner)) {
    if (block.affinity === null)
      return refused(`Attempt to assign from block ${formatCidr(block.cidr)} with no affinity`);
    const { type, name } = block.affinity;
    return refused(`Block affinity (${type}:${name}) does not match provided (${owner.name}:${owner.type})`);
  }
  const reserved = reservedOrdinals(block.cidr, reservations);
  const taken: number[] = [];
  const queue: number[] = [];
  for (const ordinal of block.queue) {
    if (taken.length < count && !reserved?.(ordinal)) taken.push(ordinal);
    else queue.push(ordinal);
  }
  return allocate({ ...block, queue }, taken, request.attribute);
}

/**
 * Takes one exact address; reservations do not matter here.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block.go assign
 */
export function takeExact(block: Block, address: Address, request: TakeRequest): Taken {
  if (request.mustBeOwner && !sameOwner(block.affinity, request.owner)) {
    return refused(
      block.affinity === null
        ? `Attempt to assign from block ${formatCidr(block.cidr)} with no affinity`
        : "Block host affinity does not match",
    );
  }
  const ordinal = ordinalOf(block.cidr, address);
  if (ordinal === null) return refused(`IP ${formatAddress(address)} not in block ${formatCidr(block.cidr)}`);
  if (block.allocations[ordinal] !== null) {
    return refused(
      `resource already exists: ${formatAddress(address)} with error: Address already assigned in block`,
    );
  }
  const queue = block.queue.filter((free) => free !== ordinal);
  return allocate({ ...block, queue }, [ordinal], request.attribute);
}

function refused(error: string): Taken {
  return { ok: false, error };
}

function allocate(block: Block, ordinals: readonly number[], wanted: Attribute): Taken {
  if (ordinals.length === 0) return { ok: true, block, ips: [] };
  const { attributes, index } = withAttribute(block.attributes, wanted);
  const allocations = [...block.allocations];
  const sequenceForAllocation = new Map(block.sequenceForAllocation);
  for (const ordinal of ordinals) {
    allocations[ordinal] = index;
    sequenceForAllocation.set(ordinal, block.sequenceNumber);
  }
  const ips = ordinals.map((ordinal) => addressAt(block.cidr, ordinal));
  return { ok: true, block: { ...block, allocations, attributes, sequenceForAllocation }, ips };
}

/**
 * Finds or appends an attribute entry; entries are shared only when all of them is equal.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block.go findOrAddAttribute
 */
export function withAttribute(
  attributes: readonly Attribute[],
  wanted: Attribute,
): { attributes: readonly Attribute[]; index: number } {
  const index = attributes.findIndex((entry) => sameAttribute(entry, wanted));
  return index >= 0
    ? { attributes, index }
    : { attributes: [...attributes, wanted], index: attributes.length };
}

function sameAttribute(a: Attribute, b: Attribute): boolean {
  return (
    a.handle === b.handle &&
    a.releasedAt === b.releasedAt &&
    sameRecord(a.owner, b.owner) &&
    sameRecord(a.alternateOwner, b.alternateOwner)
  );
}

function sameRecord(
  a: Readonly<Record<string, string>> | null,
  b: Readonly<Record<string, string>> | null,
): boolean {
  if (a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  );
}

/**
 * Gives up the owner of a block that still has addresses in use.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block_reader_writer.go releaseBlockAffinity
 */
export function dropAffinity(block: Block): Block {
  return { ...block, affinity: null, claimedAt: null };
}
