import type { List } from "../../contract/common.ts";
import type { Reservation, ReservationQuery } from "../../contract/reservations.ts";
import type { ReservationRow } from "../../inventory/affinity-row.ts";
import type { BlockRow } from "../../inventory/block-row.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { type Compare, compareText } from "../../inventory/table.ts";
import { type Cidr, cidrsOverlap, formatCidr } from "../../ipam/cidr.ts";
import { type CidrSet, cidrSet, cidrSetCovers, cidrSetSize, rangesWithin } from "../../ipam/cidr-set.ts";
import { orderOf, pageOf, textFilter, unreadable } from "./list-query.ts";
import { requireReady, unknownOf, unreadableObjects, withUnknown } from "./ready.ts";
import { remembered } from "./remembered.ts";

const byName: Compare<Reservation> = (one, other) => compareText(one.name, other.name);
const addressesOf = ({ addresses }: Reservation) => BigInt(addresses ?? -1);

const orders: ReadonlyMap<string, Compare<Reservation>> = new Map<string, Compare<Reservation>>([
  ["name", byName],
  [
    "addresses",
    (one, other) =>
      Number(addressesOf(one) > addressesOf(other)) - Number(addressesOf(one) < addressesOf(other)),
  ],
  ["inUse", (one, other) => (one.inUse ?? -1) - (other.inUse ?? -1)],
]);

/** Reservations by name unless sorted otherwise; free text looks at names, CIDRs and pools. */
export function listReservations(inventory: Inventory, query: ReservationQuery): List<Reservation> {
  requireReady(inventory);
  const missing = unknownOf(inventory, "items", "reservations");
  if (missing) return unreadable(missing);
  const matches = textFilter(query.q);
  const all = remembered(inventory, "reservations", () =>
    [...inventory.space.reservations].map((row) => toReservation(inventory, row)),
  );
  const { compare } = orderOf(query.sort, orders);
  const found = all
    .filter(
      ({ name, cidrs, pools }) => matches === null || matches(name, cidrs.join(" "), (pools ?? []).join(" ")),
    )
    .sort((one, other) => compare(one, other) || byName(one, other));
  return {
    ...pageOf(found, query, (reservation) => reservation),
    ...withUnknown(unreadableObjects(inventory, "reservations")),
  };
}

export function toReservation(inventory: Inventory, row: ReservationRow): Reservation {
  const { name, uid, revision, cidrs } = row;
  const set = cidrSet(cidrs);
  const blocksMissing = unknownOf(inventory, "inUse", "blocks");
  const poolsMissing = unknownOf(inventory, "pools", "pools");
  return {
    name,
    uid,
    resourceVersion: revision,
    cidrs: cidrs.map(formatCidr),
    addresses: String(cidrSetSize(set, 4) + cidrSetSize(set, 6)),
    inUse: blocksMissing ? null : usedWithin(inventory, cidrs, set),
    pools: poolsMissing ? null : poolsOf(inventory, cidrs),
    ...withUnknown(blocksMissing, poolsMissing),
  };
}

/** Addresses of the set that are in use, cooling ones included, as calicoctl counts a pool's. */
function usedWithin({ space }: Inventory, cidrs: readonly Cidr[], set: CidrSet): number {
  const blocks = new Set<BlockRow>(cidrs.flatMap((cidr) => space.blocksWithin(cidr)));
  let used = 0;
  for (const { cidr, content, counts } of blocks) {
    if (cidrSetCovers(set, cidr)) {
      used += counts.inUse;
      continue;
    }
    for (const { first, last } of rangesWithin(set, cidr)) {
      const end = Number(last - cidr.base);
      for (let ordinal = Number(first - cidr.base); ordinal <= end; ordinal++)
        if (content.slot(ordinal) >= 0) used += 1;
    }
  }
  return used;
}

function poolsOf({ space }: Inventory, cidrs: readonly Cidr[]): string[] {
  return [...space.pools]
    .filter(({ pool }) => cidrs.some((cidr) => cidrsOverlap(cidr, pool.cidr)))
    .map(({ name }) => name)
    .sort(compareText);
}
