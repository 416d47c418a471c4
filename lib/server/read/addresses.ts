import type { Address, AddressQuery } from "../../contract/addresses.ts";
import type { List } from "../../contract/common.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { type Compare, compareNullable } from "../../inventory/table.ts";
import { addressFilter } from "./address-filter.ts";
import { type GapSegment, rowStartsOf, type Segment, segmentsOf } from "./address-segments.ts";
import { addressRow, BlockStates } from "./block-addresses.ts";
import { orderOf, pageOf, unreadable } from "./list-query.ts";
import { remembered } from "./remembered.ts";
import { requireReady, unknownOf, unreadableObjects, withUnknown } from "./ready.ts";

/** The rows of one segment that a list shows, by the ordinal each begins at; a gap is one row. */
interface Stretch {
  readonly segment: Segment;
  readonly starts: Uint16Array;
}

/** One row by its place. Only the rows of a page become addresses. */
interface Place {
  readonly segment: Segment;
  readonly start: number;
}

const wholeGap = Uint16Array.of(0);

interface Rows {
  readonly length: number;
  slice(offset: number, end: number): Place[];
}

const orders: ReadonlyMap<string, Compare<Address>> = new Map<string, Compare<Address>>([
  ["ip", () => 0],
  ["owner", (one, other) => compareNullable(ownerText(one), ownerText(other))],
  ["node", (one, other) => compareNullable(one.node, other.node)],
  ["kind", (one, other) => compareNullable(one.kind, other.kind)],
  ["state", (one, other) => compareNullable(one.state, other.state)],
  ["since", (one, other) => compareNullable(one.since, other.since)],
]);

/**
 * Addresses in address order unless sorted otherwise: in blocks one row for each address that is used, cooling or reserved
 * and one for each run of free ones; between blocks one for each unclaimed run (`reservedBy` tells whether it is reserved),
 * so that an IPv6 pool is a handful of rows. Filters read the numbers of the
 * packed blocks; what a question found is remembered until the inventory changes.
 */
export function listAddresses(inventory: Inventory, query: AddressQuery): List<Address> {
  requireReady(inventory);
  const missing = unknownOf(inventory, "items", "blocks");
  if (missing) return unreadable(missing);
  const { key, compare } = orderOf(query.sort, orders);
  const { limit: _limit, offset: _offset, ...question } = query;
  const rows = remembered<Rows>(inventory, `addresses ${JSON.stringify(question)}`, () => {
    const found = inOrder(stretchesOf(inventory, query));
    if (key === "ip") return found;
    const places = found.slice(0, found.length);
    return key === "-ip" ? places.toReversed() : sorted(inventory, places, compare);
  });
  const page = pageOf(rows, query, (place) => toAddress(inventory, place));
  const reservations = unknownOf(inventory, "reservedBy", "reservations");
  return { ...page, ...withUnknown(reservations, unreadableObjects(inventory, "blocks")) };
}

function stretchesOf(inventory: Inventory, query: AddressQuery): Stretch[] {
  const filter = addressFilter(inventory, query);
  return scopeOf(inventory, query).flatMap((segment): Stretch[] => {
    const starts = segment.block ? rowStartsOf(inventory, segment.block) : wholeGap;
    if (!filter) return [{ segment, starts }];
    if (!segment.block) return filter.ofGap(segment) ? [{ segment, starts }] : [];
    const test = filter.ofBlock(segment.block, new BlockStates(inventory, segment.block));
    const left = starts.filter(test);
    return left.length > 0 ? [{ segment, starts: left }] : [];
  });
}

/** The segments that the query's `pool` and `block` leave. */
function scopeOf(inventory: Inventory, { pool, block }: AddressQuery): Segment[] {
  const { space } = inventory;
  if (block !== undefined) {
    const row = space.blocks.get("", block);
    if (!row || (pool !== undefined && row.pool !== pool)) return [];
    return [{ block: row, family: row.cidr.family, first: row.cidr.base }];
  }
  const poolRow = pool === undefined ? null : space.pools.get("", pool);
  if (pool !== undefined && !poolRow) return [];
  return remembered(inventory, `segments ${pool ?? ""}`, () => segmentsOf(inventory, poolRow));
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

function sorted(inventory: Inventory, places: readonly Place[], compare: Compare<Address>): Place[] {
  const keyed = places.map((place) => ({ place, address: toAddress(inventory, place) }));
  return keyed.sort((one, other) => compare(one.address, other.address)).map(({ place }) => place);
}

function toAddress(inventory: Inventory, { segment, start }: Place): Address {
  if (segment.block)
    return addressRow(inventory, segment.block, new BlockStates(inventory, segment.block), start);
  return gapAddress(inventory, segment);
}

function gapAddress(inventory: Inventory, { row, pool }: GapSegment): Address {
  const missing = unknownOf(inventory, "reservedBy", "reservations");
  const reservedBy = missing ? null : [...row.reservedBy];
  return { ...row, block: null, pool, leakCandidate: false, reservedBy, ...withUnknown(missing) };
}

function ownerText({ owner }: Address): string | null {
  return owner ? `${owner.namespace ?? ""}/${owner.name}` : null;
}
