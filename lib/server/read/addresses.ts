import type { Address, AddressQuery } from "../../contract/addresses.ts";
import type { List, Unknown } from "../../contract/common.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Kind } from "../../inventory/kinds.ts";
import { addressFilter } from "./address-filter.ts";
import { type AddressOrder, addressOrder } from "./address-order.ts";
import { type GapSegment, rowStartsOf, segmentsOf } from "./address-segments.ts";
import { addressRow, BlockStates } from "./block-addresses.ts";
import { pageOf, unreadable } from "./list-query.ts";
import { remembered } from "./remembered.ts";
import { requireReady, unknownOf, unreadableObjects, withUnknown } from "./ready.ts";

/** A block or a gap, and the rows of it that a list shows, by the ordinal each begins at; a gap is one row. */
interface Stretch {
  readonly segment: BlockRow | GapSegment;
  readonly starts: Uint16Array;
}

/** One row by its place. Only the rows of a page become addresses. */
export interface Place {
  readonly segment: BlockRow | GapSegment;
  readonly start: number;
}

const wholeGap = Uint16Array.of(0);

interface Rows {
  readonly length: number;
  slice(offset: number, end: number): Place[];
}

/**
 * Addresses in address order unless sorted otherwise: in blocks one row for each address that is used, cooling or reserved
 * and one for each run of free ones; between blocks one for each unclaimed run (`reservedBy` tells whether it is reserved),
 * so that an IPv6 pool is a handful of rows. Filters read the numbers of the packed blocks; what a question found is
 * remembered until the inventory changes.
 */
export function listAddresses(inventory: Inventory, query: AddressQuery): List<Address> {
  requireReady(inventory);
  const missing = unknownOf(inventory, "items", "blocks", ...filteredBy(query));
  if (missing) return unreadable(missing);
  const order = addressOrder(inventory, query.sort);
  const { limit: _limit, offset: _offset, ...question } = query;
  const rows = remembered<Rows>(inventory, `addresses ${JSON.stringify(question)}`, () => {
    const found = inOrder(stretchesOf(inventory, query));
    return order ? sorted(found.slice(0, found.length), order) : found;
  });
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

function stretchesOf(inventory: Inventory, query: AddressQuery): Stretch[] {
  const filter = addressFilter(inventory, query);
  const stretches: Stretch[] = [];
  for (const segment of scopeOf(inventory, query)) {
    if (isGap(segment)) {
      if (!filter || filter.ofGap(segment)) stretches.push({ segment, starts: wholeGap });
      continue;
    }
    const starts = rowStartsOf(inventory, segment);
    const left = filter
      ? starts.filter(filter.ofBlock(segment, new BlockStates(inventory, segment)))
      : starts;
    if (left.length > 0) stretches.push({ segment, starts: left });
  }
  return stretches;
}

/** The segments that the query's `pool` and `block` leave, blocks as they are now. */
function* scopeOf(inventory: Inventory, { pool, block }: AddressQuery): Iterable<BlockRow | GapSegment> {
  const { blocks } = inventory.space;
  if (block !== undefined) {
    const row = blocks.get("", block);
    if (row && (pool === undefined || row.pool === pool)) yield row;
    return;
  }
  for (const segment of segmentsOf(inventory, pool ?? null)) {
    const row = segment.kind === "gap" ? segment : blocks.get("", segment.name);
    if (row) yield row;
  }
}

export function isGap(segment: BlockRow | GapSegment): segment is GapSegment {
  return "kind" in segment;
}

/** Rows in the order of the stretches: a page is found by adding up, nothing is laid out. */
function inOrder(stretches: readonly Stretch[]): Rows {
  return {
    length: stretches.reduce((sum, { starts }) => sum + starts.length, 0),
    slice(offset, end) {
      const places: Place[] = [];
      let before = 0;
      for (const { segment, starts } of stretches) {
        if (before >= end) break;
        const from = Math.max(0, offset - before);
        for (let at = from; at < starts.length && before + at < end; at++)
          places.push({ segment, start: starts[at] ?? 0 });
        before += starts.length;
      }
      return places;
    },
  };
}

function sorted(places: readonly Place[], { keyOf, compare }: AddressOrder): Place[] {
  const keyed = places.map((place, at) => ({ place, at, key: keyOf(place, at) }));
  return keyed
    .sort((one, other) => compare(one.key, other.key) || one.at - other.at)
    .map(({ place }) => place);
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
