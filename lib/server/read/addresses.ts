import type { Address, AddressQuery } from "../../contract/addresses.ts";
import type { List, Unknown } from "../../contract/common.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { addressLists } from "./address-lists.ts";
import { addressFields } from "./address-order.ts";
import { isGap, type Place } from "./address-rows.ts";
import type { GapSegment } from "./address-segments.ts";
import { addressRow, BlockStates } from "./block-addresses.ts";
import { pageOf, sortOf, unreadable } from "./list-query.ts";
import { requireReady, unknownOf, unreadableObjects, withUnknown } from "./ready.ts";

/**
 * Addresses in address order unless sorted otherwise: in blocks one row for each address that is used, cooling or reserved
 * and one for each run of free ones; between blocks one for each unclaimed run (`reservedBy` tells whether it is reserved),
 * so that an IPv6 pool is a handful of rows. Rejects with the signal's reason when that is aborted.
 */
export async function listAddresses(
  inventory: Inventory,
  query: AddressQuery,
  signal: AbortSignal | null = null,
): Promise<List<Address>> {
  requireReady(inventory);
  const missing = unknownOf(inventory, "items", "blocks", ...filteredBy(query));
  if (missing) return unreadable(missing);
  const { limit: _limit, offset: _offset, sort, ...asked } = query;
  const question = { query: asked, ...sortOf(sort, addressFields) };
  const rows = await addressLists(inventory).ask(question, signal);
  const page = pageOf(rows, query, (place) => toAddress(inventory, place));
  const unknown = withUnknown(...hiddenRows(inventory, query));
  return {
    ...page,
    total: unknown.unknown ? null : page.total,
    ...withUnknown(...(unknown.unknown ?? []), unreadableObjects(inventory, "blocks")),
  };
}

/** Rows that nobody holds: reservations divide them, and pools tell what lies between blocks. */
function hiddenRows(
  inventory: Inventory,
  { namespace, node, kind, state }: AddressQuery,
): (Unknown | null)[] {
  const isHeld = state === "used" || state === "cooling";
  if (isHeld || namespace !== undefined || node !== undefined || kind !== undefined) return [];
  return [unknownOf(inventory, "items", "pools"), unknownOf(inventory, "items", "reservations")];
}

/** What the filters look at besides blocks: without it they would leave out what nobody knows. */
function filteredBy({ pool, state }: AddressQuery): readonly Kind[] {
  return [
    ...(pool === undefined ? [] : (["pools"] as const)),
    ...(state === "unclaimed" ? (["pools"] as const) : []),
    ...(state === "free" || state === "reserved" ? (["reservations"] as const) : []),
  ];
}

function toAddress(inventory: Inventory, { segment, start }: Place): Address {
  if (isGap(segment)) return gapAddress(inventory, segment);
  return addressRow(inventory, segment, new BlockStates(inventory, segment), start);
}

function gapAddress(inventory: Inventory, { row, pool }: GapSegment): Address {
  const missing = unknownOf(inventory, "reservedBy", "reservations");
  const reservedBy = missing ? null : [...row.reservedBy];
  return { ...row, block: null, pool, leakCandidate: false, reservedBy, ...withUnknown(missing) };
}
