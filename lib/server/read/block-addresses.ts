import type { Address } from "../../contract/addresses.ts";
import { formatAddress } from "../../ipam/address.ts";
import type { AllocationKind } from "../../ipam/attribute-kind.ts";
import { reservedOrdinals } from "../../ipam/block-ops.ts";
import { addressAt } from "../../ipam/cidr.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { isLeakCandidate, leakEvidence } from "../../inventory/leak-candidate.ts";
import { unknownOf, withUnknown } from "./ready.ts";

export type OrdinalState = "used" | "cooling" | "reserved" | "free";

/** What each address of a block is, by ordinal. */
export class BlockStates {
  private readonly inventory: Inventory;
  private readonly row: BlockRow;
  private free: { queued: Uint8Array; isReserved: ((ordinal: number) => boolean) | null } | null = null;

  constructor(inventory: Inventory, row: BlockRow) {
    this.inventory = inventory;
    this.row = row;
  }

  /** An address that is neither held nor queued (odd data) is never handed out, and so in use, as calicoctl counts it. */
  of(ordinal: number): OrdinalState {
    const index = this.row.content.slot(ordinal);
    if (index >= 0) return this.row.content.kind(index) === null ? "cooling" : "used";
    // Most questions are about addresses that somebody holds: the queue is read for those about the others only.
    const { queued, isReserved } = (this.free ??= this.readQueue());
    if (queued[ordinal] !== 1) return "used";
    return isReserved?.(ordinal) ? "reserved" : "free";
  }

  private readQueue(): NonNullable<BlockStates["free"]> {
    const queued = new Uint8Array(this.row.content.size);
    for (const ordinal of this.row.content.queue()) queued[ordinal] = 1;
    return { queued, isReserved: reservedOrdinals(this.row.cidr, this.inventory.space.reservedSet) };
  }

  /** Null unless it is used. */
  kindOf(ordinal: number): AllocationKind | null {
    if (this.of(ordinal) !== "used") return null;
    const index = this.row.content.slot(ordinal);
    return index < 0 ? "other" : this.row.content.kind(index);
  }

  /** The first ordinal of each row of the address table: free addresses in a row are one row. */
  rowStarts(): number[] {
    const starts: number[] = [];
    let before: OrdinalState | null = null;
    for (let ordinal = 0; ordinal < this.row.content.size; ordinal++) {
      const state = this.of(ordinal);
      if (state !== "free" || before !== "free") starts.push(ordinal);
      before = state;
    }
    return starts;
  }

  /** The last ordinal of the run of free addresses that begins at `ordinal`. */
  endOfRun(ordinal: number): number {
    let last = ordinal;
    while (last + 1 < this.row.content.size && this.of(last + 1) === "free") last += 1;
    return last;
  }
}

/** Every address of a block, free ones in runs. At most 4,096 rows. */
export function addressesOfBlock(inventory: Inventory, row: BlockRow): Address[] {
  const states = new BlockStates(inventory, row);
  return states.rowStarts().map((ordinal) => addressRow(inventory, row, states, ordinal));
}

/** The row of the address table that begins at the ordinal. `single` leaves a free address out of its run. */
export function addressRow(
  inventory: Inventory,
  row: BlockRow,
  states: BlockStates,
  ordinal: number,
  { single = false } = {},
): Address {
  const address = addressAt(row.cidr, ordinal);
  const state = states.of(ordinal);
  const last = state === "free" && !single ? states.endOfRun(ordinal) : ordinal;
  const index = row.content.slot(ordinal);
  const allocation = index < 0 ? null : row.content.allocation(index);
  const leak = index < 0 ? false : isLeakCandidate(inventory, row, index, address);
  const reservationsMissing = unknownOf(inventory, "reservedBy", "reservations");
  return {
    ip: formatAddress(address),
    lastIp: last === ordinal ? null : formatAddress(addressAt(row.cidr, last)),
    state,
    kind: states.kindOf(ordinal),
    owner: allocation?.owner ?? null,
    node: allocation?.node ?? null,
    block: row.name,
    pool: row.pool,
    since: allocation?.since ?? null,
    handle: allocation?.handle ?? null,
    borrowed:
      allocation !== null && allocation.node !== null && allocation.node !== (row.owner?.name ?? null),
    leakCandidate: leak,
    reservedBy: reservationsMissing ? null : inventory.space.reservedBy(address),
    ...withUnknown(
      leak === null ? unknownOf(inventory, "leakCandidate", leakEvidence(allocation?.kind ?? null)) : null,
      reservationsMissing,
      state === "free" && reservationsMissing ? { ...reservationsMissing, field: "state" } : null,
      unknownOf(inventory, "pool", "pools"),
    ),
  };
}
