import { type Address, formatAddress } from "./address.ts";
import type { Attribute, Block } from "./block.ts";
import { ordinalOf, withAttribute } from "./block-ops.ts";
import { addressAt } from "./cidr.ts";
import { formatSeconds, type Nanoseconds, parseSeconds } from "./go-time.ts";

/** When and under which IPAM configuration something is released. */
export interface ReleaseClock {
  readonly now: Nanoseconds;
  /** ipCooldownSeconds: minimum age of a released address before reuse. */
  readonly cooldownSeconds: number;
}

/**
 * Releases every address of a handle, ascending. `count` 0: the block has none and is returned as it was.
 * An entry whose sequence number differs from `sequenceNumber`, when given, is skipped.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block.go releaseByHandle
 */
export function releaseByHandle(
  block: Block,
  handle: string,
  clock: ReleaseClock,
  sequenceNumber?: bigint,
): { block: Block; count: number } {
  const ordinals: number[] = [];
  block.allocations.forEach((index, ordinal) => {
    if (index === null || block.attributes[index]?.handle !== handle) return;
    if (sequenceNumber !== undefined && block.sequenceForAllocation.get(ordinal) !== sequenceNumber) return;
    ordinals.push(ordinal);
  });
  if (ordinals.length === 0) return { block, count: 0 };
  return { block: release(block, ordinals, clock), count: ordinals.length };
}

/** One address to release; handle and sequence number, when given, must be those of the allocation. */
export interface AddressRelease {
  readonly address: Address;
  readonly handle?: string;
  readonly sequenceNumber?: bigint;
}

export type AddressesReleased =
  | {
      readonly ok: true;
      readonly block: Block;
      /** Addresses that were not allocated, cooling ones included. */
      readonly notAssigned: readonly Address[];
      /** Handle → number of its addresses released. */
      readonly handles: ReadonlyMap<string, number>;
    }
  | { readonly ok: false; readonly error: string };

/**
 * Releases addresses of one block. A mismatch fails the whole request. While it cools, an address released this way is
 * numbered with the block's number before this write (recorded once, for the address given back by a failed dual-stack ADD).
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block.go release
 */
export function releaseAddresses(
  block: Block,
  requests: readonly AddressRelease[],
  clock: ReleaseClock,
): AddressesReleased {
  const ordinals = new Set<number>();
  const notAssigned: Address[] = [];
  const handles = new Map<string, number>();
  for (const request of requests) {
    const ordinal = ordinalOf(block.cidr, request.address);
    const index = ordinal === null ? null : (block.allocations[ordinal] ?? null);
    const entry = index === null ? undefined : block.attributes[index];
    const mismatch = ordinal === null ? null : releaseMismatch(block, ordinal, entry, request);
    if (mismatch !== null) {
      return {
        ok: false,
        error: `update conflict: ${formatAddress(request.address)} with error: ${mismatch}`,
      };
    }
    if (ordinal === null || index === null || (entry?.releasedAt ?? null) !== null) {
      notAssigned.push(request.address);
    } else if (!ordinals.has(ordinal)) {
      ordinals.add(ordinal);
      const handle = entry?.handle ?? null;
      if (handle !== null) handles.set(handle, (handles.get(handle) ?? 0) + 1);
    }
  }
  if (ordinals.size === 0) return { ok: true, block, notAssigned, handles };
  const sequenceForAllocation = new Map(block.sequenceForAllocation);
  for (const ordinal of ordinals) sequenceForAllocation.set(ordinal, block.sequenceNumber);
  return {
    ok: true,
    block: release({ ...block, sequenceForAllocation }, [...ordinals], clock),
    notAssigned,
    handles,
  };
}

function releaseMismatch(
  block: Block,
  ordinal: number,
  entry: Attribute | undefined,
  request: AddressRelease,
): string | null {
  const stored = block.sequenceForAllocation.get(ordinal) ?? 0n;
  if (request.sequenceNumber !== undefined && request.sequenceNumber !== stored) {
    return `the given sequence number (${request.sequenceNumber}) does not match (${stored}) when attempting to release IP`;
  }
  const handle = entry?.handle ?? "";
  if (
    entry !== undefined &&
    entry.releasedAt === null &&
    request.handle !== undefined &&
    request.handle !== handle
  ) {
    return `the given handle (${request.handle}) does not match (${handle}) when attempting to release IP`;
  }
  return null;
}

function release(block: Block, ordinals: readonly number[], clock: ReleaseClock): Block {
  const cooling: Attribute = {
    handle: null,
    owner: {},
    alternateOwner: null,
    releasedAt: formatSeconds(clock.now),
  };
  const { attributes, index } = withAttribute(block.attributes, cooling);
  const allocations = [...block.allocations];
  for (const ordinal of ordinals) allocations[ordinal] = index;
  return collectCooled(withoutUnused({ ...block, allocations, attributes }), clock);
}

/**
 * Frees the addresses whose cooldown is over: ascending, to the tail of the queue. Stored times have whole seconds, so a
 * cooldown may end up to a second early. Returns the same block when there is nothing to do.
 * Source: projectcalico/calico@87c1590 libcalico-go/lib/ipam/ipam_block.go garbageCollect
 */
export function collectCooled(block: Block, clock: ReleaseClock): Block {
  if (block.attributes.every((entry) => entry.releasedAt === null)) return block;
  const limit = clock.now - BigInt(clock.cooldownSeconds) * 1_000_000_000n;
  const over = block.attributes.map((entry) => {
    const at = entry.releasedAt === null ? null : parseSeconds(entry.releasedAt);
    return at !== null && at <= limit;
  });
  if (!over.includes(true)) return block;
  const allocations = [...block.allocations];
  const queue = [...block.queue];
  const sequenceForAllocation = new Map(block.sequenceForAllocation);
  block.allocations.forEach((index, ordinal) => {
    if (index === null || over[index] !== true) return;
    allocations[ordinal] = null;
    queue.push(ordinal);
    sequenceForAllocation.delete(ordinal);
  });
  return withoutUnused({ ...block, allocations, queue, sequenceForAllocation });
}

/** Drops attribute entries nothing refers to and renumbers the rest, order kept. */
function withoutUnused(block: Block): Block {
  const used = new Set(block.allocations);
  const attributes: Attribute[] = [];
  const renumbered = new Map<number, number>();
  block.attributes.forEach((entry, index) => {
    if (!used.has(index)) return;
    renumbered.set(index, attributes.length);
    attributes.push(entry);
  });
  if (attributes.length === block.attributes.length) return block;
  const allocations = block.allocations.map((index) =>
    index === null ? null : (renumbered.get(index) ?? index),
  );
  return { ...block, attributes, allocations };
}

/** Every address of a block that belongs to the handle. */
export function addressesOfHandle(block: Block, handle: string): Address[] {
  return block.allocations.flatMap((index, ordinal) =>
    index !== null && block.attributes[index]?.handle === handle ? [addressAt(block.cidr, ordinal)] : [],
  );
}
